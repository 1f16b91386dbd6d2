using System.Buffers.Binary;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Wan;

/// <summary>
/// Carries packets between the devices of sites, each when it is due. One thread a device waits for packets; one more hands
/// on those whose time has come.
/// </summary>
/// <param name="devices">By the number of their site, which is the third byte of its addresses.</param>
/// <param name="deliveries">For each pair of sites, from and to.</param>
internal sealed class Forwarder(IReadOnlyDictionary<byte, TunDevice> devices, IReadOnlyDictionary<(byte From, byte To), Delivery> deliveries, TimeProvider time) : IDisposable
{
    private const int LargestPacket = 2048;
    private const int WakeMilliseconds = 100;

    /// <summary>More waiting packets than this are lost, as in a router.</summary>
    private const int MostWaiting = 200_000;

    private readonly long _started = time.GetTimestamp();
    private readonly PriorityQueue<(byte To, byte[] Packet), (TimeSpan Due, long Number)> _waiting = new();
    private readonly List<Thread> _threads = [];
    private volatile bool _ending;
    private long _number;

    public void Start()
    {
        foreach (var (site, device) in devices)
            Run(() => Read(site, device), $"wan from {site}");
        Run(HandOn, "wan");
    }

    public void Dispose()
    {
        _ending = true;
        lock (_waiting)
            Monitor.PulseAll(_waiting);
        foreach (var thread in _threads)
            thread.Join();
        foreach (var device in devices.Values)
            device.Dispose();
    }

    private void Run(ThreadStart work, string name)
    {
        var thread = new Thread(work) { IsBackground = true, Name = name };
        _threads.Add(thread);
        thread.Start();
    }

    private void Read(byte from, TunDevice device)
    {
        var buffer = new byte[LargestPacket];
        var wait = new Posix.PollEntry { File = (int)device.File.DangerousGetHandle(), Events = Posix.PollEntry.Readable };
        while (!_ending)
        {
            // Wakes now and then: closing a file does not wake who reads it.
            if (Posix.Poll(ref wait, 1, WakeMilliseconds) <= 0)
                continue;
            var length = (int)Posix.Read(device.File, ref buffer[0], LargestPacket);
            if (length >= 20 && buffer[0] >> 4 == 4)
                Take(from, buffer.AsSpan(0, length));
        }
    }

    private void Take(byte from, ReadOnlySpan<byte> packet)
    {
        // Bytes 16 to 19 of an IPv4 header are where it goes (RFC 791).
        var to = (byte)(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) >> 8);
        lock (_waiting)
        {
            if (_waiting.Count >= MostWaiting || !deliveries.TryGetValue((from, to), out var delivery)
                || delivery.Of(packet.Length, time.GetElapsedTime(_started)) is not { } due)
                return;
            _waiting.Enqueue((to, packet.ToArray()), (due, _number++));
            Monitor.Pulse(_waiting);
        }
    }

    private void HandOn()
    {
        while (Next() is var (to, packet))
            _ = Posix.Write(devices[to].File, ref packet[0], (nuint)packet.Length);
    }

    /// <summary>Waits for the next packet that is due; null at the end.</summary>
    private (byte To, byte[] Packet)? Next()
    {
        lock (_waiting)
        {
            while (!_ending)
            {
                var early = _waiting.TryPeek(out _, out var first) ? first.Due - time.GetElapsedTime(_started) : TimeSpan.FromMilliseconds(WakeMilliseconds);
                if (early <= TimeSpan.Zero)
                    return _waiting.Dequeue();
                Monitor.Wait(_waiting, (int)Math.Ceiling(early.TotalMilliseconds));
            }
            return null;
        }
    }
}
