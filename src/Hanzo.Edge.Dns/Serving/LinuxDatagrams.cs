using System.Runtime.InteropServices;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>
/// The calls of Linux that move many datagrams at once, and what they move them by. .NET has no batched receive, and its
/// asynchronous one costs twice the processor time a query of this server does.
/// </summary>
internal static unsafe partial class LinuxDatagrams
{
    public const int WaitForOne = 0x10000;
    public const int DontWait = 0x40;
    public const int AgainError = 11;
    public const int InterruptedError = 4;
    public const ushort FamilyIPv4 = 2;
    public const ushort FamilyIPv6 = 10;

    public const int SocketLevel = 1;
    public const int ReusePortOption = 15;
    public const int ReceiveTimeoutOption = 20;
    public const int IPv4Level = 0;
    public const int IPv4PacketInfoOption = 8;
    public const int IPv6Level = 41;
    public const int IPv6ReceivePacketInfoOption = 49;

    /// <summary>Receives up to <paramref name="count"/> datagrams; returns how many, or -1 with the error set.</summary>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int socket, Message* messages, uint count, int flags, void* timeout);

    /// <summary>Sends <paramref name="count"/> datagrams; returns how many went, or -1 with the error set.</summary>
    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int Send(int socket, Message* messages, uint count, int flags);

    /// <summary>struct mmsghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Buffer* Buffers;
        public nuint BufferCount;
        public byte* Control;
        public nuint ControlLength;
        public long Flags; // an int and the padding that ends struct msghdr
        public uint Length;
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public byte* Bytes;
        public nuint Length;
    }
}
