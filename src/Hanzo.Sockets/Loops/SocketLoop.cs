using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Hanzo.Sockets.Loops;

/// <summary>
/// A thread that learns from the system which of its sockets changed (epoll, told once per change) and runs there what waited
/// for them. The runtime's own engine does the same, but asks the system for bytes before it waits for them: on a connection
/// that takes turns, request and response, every second of its receives finds nothing. Nothing may block on such a thread.
/// </summary>
public sealed class SocketLoop
{
    /// <summary>How each of the threads is called.</summary>
    public const string ThreadName = "Hanzo sockets";

    // Of one turn. More come in the next.
    private const int MostTold = 256;

    private static readonly Lazy<SocketLoop[]> Loops = new(() => [.. Enumerable.Range(0, SocketEngine.Threads).Select(index => new SocketLoop(index))]);

    private static int next = -1;

    private readonly int poll;
    private readonly int beat;
    private readonly Lock changing = new();
    private readonly Stack<int> free = new();
    private LoopSocket?[] sockets = new LoopSocket?[64];
    private int used;
    private uint generation;
    private TaskCompletionSource? beaten;

    private SocketLoop(int index)
    {
        Index = index;
        poll = Checked(LinuxSockets.CreatePoll(LinuxSockets.CloseOnExec));
        beat = Checked(LinuxSockets.CreateEvent(0, LinuxSockets.CloseOnExec | LinuxSockets.NonBlocking));
        Watch(ulong.MaxValue, LinuxSockets.Input | LinuxSockets.OnChange, null);
        new Thread(Run) { IsBackground = true, Name = ThreadName }.UnsafeStart();
    }

    /// <summary>Whether this system has what a loop needs.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>How many there are.</summary>
    public static int Count => Loops.Value.Length;

    /// <summary>Which of them this is, from 0.</summary>
    public int Index { get; }

    /// <summary>The next of them in turn.</summary>
    /// <exception cref="SocketException">The system gives no more handles.</exception>
    public static SocketLoop Next() => Loops.Value[(uint)Interlocked.Increment(ref next) % (uint)Count];

    /// <summary>Completes on its thread, as soon as that comes to it: what keeps requests waiting keeps this waiting.</summary>
    public Task WakeAsync()
    {
        var woken = new TaskCompletionSource();
        Volatile.Write(ref beaten, woken);
        Wake();
        return woken.Task;
    }

    /// <summary>Serves <paramref name="socket"/> from now on.</summary>
    /// <returns>What <see cref="Remove"/> is told.</returns>
    /// <exception cref="SocketException">The system does not watch it.</exception>
    internal int Add(LoopSocket socket, SafeHandle handle)
    {
        int slot;
        ulong name;
        lock (changing)
        {
            if (!free.TryPop(out slot)) slot = used++;
            if (slot == sockets.Length) Array.Resize(ref sockets, slot * 2);
            // Tells a socket from the one that had its place: of both something may be told in one turn.
            socket.Generation = ++generation & int.MaxValue;
            name = ((ulong)socket.Generation << 32) | (uint)slot;
            Volatile.Write(ref sockets[slot], socket);
        }
        try
        {
            Watch(name, LinuxSockets.Input | LinuxSockets.Output | LinuxSockets.PeerHungUp | LinuxSockets.OnChange, handle);
            return slot;
        }
        catch
        {
            Remove(slot);
            throw;
        }
    }

    /// <summary>Forgets a socket that was closed; the system forgets it by itself.</summary>
    internal void Remove(int slot)
    {
        lock (changing)
        {
            sockets[slot] = null;
            free.Push(slot);
        }
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        LinuxSockets.Write(beat, &one, sizeof(ulong));
    }

    private unsafe void Watch(ulong name, uint changes, SafeHandle? handle)
    {
        var told = stackalloc byte[LinuxSockets.EventSize];
        *(uint*)told = changes;
        *(ulong*)(told + LinuxSockets.EventSize - sizeof(ulong)) = name;
        Checked(handle is null ? LinuxSockets.Control(poll, LinuxSockets.Add, beat, told) : LinuxSockets.Control(poll, LinuxSockets.Add, handle, told));
    }

    private unsafe void Run()
    {
        var size = LinuxSockets.EventSize;
        var told = stackalloc byte[MostTold * size];
        while (true)
        {
            var count = LinuxSockets.Wait(poll, told, MostTold, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != LinuxSockets.InterruptedError)
                Environment.FailFast($"A loop of sockets learns nothing any more: {Marshal.GetLastPInvokeErrorMessage()}");
            for (var each = told; count > 0; count--, each += size)
                Tell(*(ulong*)(each + size - sizeof(ulong)), *(uint*)each);
        }
    }

    private void Tell(ulong name, uint changes)
    {
        if (name == ulong.MaxValue)
        {
            Interlocked.Exchange(ref beaten, null)?.TrySetResult();
            return;
        }
        var socket = Volatile.Read(ref Volatile.Read(ref sockets)[(uint)name]);
        if (socket is not null && socket.Generation == name >> 32) socket.Tell(changes);
    }

    private static int Checked(int result) => result >= 0 ? result : throw LinuxSockets.Error(Marshal.GetLastPInvokeError());
}
