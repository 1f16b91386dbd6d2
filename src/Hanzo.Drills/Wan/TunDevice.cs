using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Hanzo.Drills.Worlds;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Drills.Wan;

/// <summary>
/// The end of a network device (Linux, Documentation/networking/tuntap): what the kernel sends by it is read here as IP packets,
/// and what is written here the kernel receives. It goes when its file is closed, so with the process at the latest.
/// </summary>
internal sealed class TunDevice(SafeFileHandle file) : IDisposable
{
    private const short WithoutPacketInformation = 0x0001 | 0x1000;
    private const int RequestSize = 40;
    private const int NameSize = 16;

    public SafeFileHandle File => file;

    /// <summary>Opens one in the network namespace of a process.</summary>
    /// <param name="process">Null for the namespace of this process.</param>
    /// <exception cref="Win32Exception">The system refuses: not root, or no /dev/net/tun.</exception>
    public static TunDevice Open(string name, int? process)
    {
        TunDevice? device = null;
        try
        {
            NetworkNamespace.Inside(process, () => device = OpenHere(name));
            return device!;
        }
        catch (Exception refused) when (refused is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new Win32Exception($"no TUN device: {refused.Message}", refused);
        }
    }

    public void Dispose() => file.Dispose();

    private static TunDevice OpenHere(string name)
    {
        var tun = System.IO.File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);
        var request = new byte[RequestSize];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameSize), WithoutPacketInformation);
        if (Posix.Control(tun, Posix.TUNSETIFF, ref request[0]) == 0)
            return new TunDevice(tun);
        var error = Marshal.GetLastPInvokeError();
        tun.Dispose();
        throw new Win32Exception(error);
    }
}
