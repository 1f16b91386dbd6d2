using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hanzo.Testing;

/// <summary>
/// Silence on one connection of this machine, as over a link that was cut: what comes is thrown away by the kernel before TCP
/// sees it, so that nothing is acknowledged and nothing is reset. Linux only; needs no rights.
/// </summary>
public static class CutLink
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    /// <summary>A program of one instruction for the kernel's packet filter: keep no byte (BPF_RET | BPF_K, 0).</summary>
    private static readonly byte[] KeepNothing = [0x06, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Lets a socket hear nothing any more. What it sends still arrives, but only it knows whether it was asked.</summary>
    public static void Before(Socket socket)
    {
        var program = Marshal.AllocHGlobal(KeepNothing.Length);
        try
        {
            Marshal.Copy(KeepNothing, 0, program, KeepNothing.Length);
            // struct sock_fprog: the number of instructions, and where they are.
            var filter = new byte[16];
            BitConverter.TryWriteBytes(filter, (ushort)1);
            BitConverter.TryWriteBytes(filter.AsSpan(8), (long)program);
            socket.SetRawSocketOption(SocketLevel, AttachFilter, filter);
        }
        finally
        {
            Marshal.FreeHGlobal(program);
        }
    }
}
