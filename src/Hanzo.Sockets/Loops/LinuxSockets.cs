using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hanzo.Sockets.Loops;

/// <summary>The calls of Linux that sockets on a loop are served by, and what they are told (sys/epoll.h, sys/socket.h, errno.h).</summary>
internal static unsafe partial class LinuxSockets
{
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int Add = 1;
    public const uint Input = 0x1;
    public const uint Output = 0x4;
    public const uint Failed = 0x8;
    public const uint HungUp = 0x10;
    public const uint PeerHungUp = 0x2000;
    public const uint OnChange = 0x80000000;

    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;

    public const int InterruptedError = 4;
    public const int AgainError = 11;
    public const int InProgressError = 115;

    /// <summary>Bytes of struct epoll_event: packed on x86, and there only.</summary>
    public static int EventSize { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    /// <summary>The error of the call before, as .NET knows it.</summary>
    public static SocketException Error(int native) => new((int)(native switch
    {
        13 => SocketError.AccessDenied,
        24 or 23 => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        105 => SocketError.NoBufferSpaceAvailable,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    }), $"The system refuses a call of a socket: {Marshal.GetPInvokeErrorMessage(native)}.");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int Control(int poll, int operation, SafeHandle handle, byte* told);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int Control(int poll, int operation, int handle, byte* told);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int Wait(int poll, byte* told, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint count, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int handle, void* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeHandle socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(SafeHandle socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeHandle socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint Send(SafeHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(SafeHandle socket, int level, int option, int* value, uint* length);

    /// <summary>Why a connection could not be made, or 0.</summary>
    public static int PendingError(SafeHandle socket)
    {
        const int socketLevel = 1;
        const int errorOption = 4;
        int error;
        uint length = sizeof(int);
        return GetOption(socket, socketLevel, errorOption, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Name;
        public nuint NameLength; // an unsigned int and padding
        public Piece* Pieces;
        public nuint PieceCount;
        public byte* Control;
        public nuint ControlLength;
        public nuint Flags; // an int and padding
    }

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public byte* Bytes;
        public nuint Length;
    }
}
