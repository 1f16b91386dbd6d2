using System.ComponentModel;
using System.Runtime.InteropServices;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Torture;

/// <summary>
/// Becomes a program whose log is never synced, as if it acknowledged before its flush: what a power cut must be seen to
/// lose. A seccomp filter (Linux, Documentation/userspace-api/seccomp_filter) answers fdatasync, by which nodes sync entries,
/// with success and does nothing; the program, and what it starts, cannot get rid of it. Files that are made are still
/// synced (fsync): without them a node would only be a newcomer that knows nothing.
/// </summary>
internal static class LyingSync
{
    private const int NoNewPrivileges = 38;
    private const int SetFilter = 22;
    private const nuint FilterMode = 2;

    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7FFF0000;
    private const uint Succeed = 0x00050000;

    /// <summary>The number of a call is the first word of what a filter looks at.</summary>
    private const uint CallNumber = 0;

    /// <returns>Only when it was refused.</returns>
    /// <exception cref="Win32Exception">The system has no such filters, or no such program.</exception>
    public static void Become(string program, IReadOnlyList<string> arguments)
    {
        var sync = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 75u,
            Architecture.Arm64 => 83u,
            var other => throw new PlatformNotSupportedException($"the number of fdatasync on {other} is not known here"),
        };
        Instruction[] filter =
        [
            new(LoadWord, 0, 0, CallNumber),
            new(JumpIfEqual, 1, 0, sync),
            new(Return, 0, 0, Allow),
            new(Return, 0, 0, Succeed),
        ];
        var held = GCHandle.Alloc(filter, GCHandleType.Pinned);
        var whole = GCHandle.Alloc(new[] { new Filter((ushort)filter.Length, held.AddrOfPinnedObject()) }, GCHandleType.Pinned);
        // On one thread: the filter is that of the thread that execs.
        if (Posix.ControlProcess(NoNewPrivileges, 1, 0, 0, 0) != 0
            || Posix.ControlProcess(SetFilter, FilterMode, whole.AddrOfPinnedObject(), 0, 0) != 0
            || Posix.Become(program, [program, .. arguments, null]) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Filter(ushort Length, nint Instructions);
}
