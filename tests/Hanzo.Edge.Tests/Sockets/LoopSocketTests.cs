using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Hanzo.Sockets;
using Hanzo.Sockets.Loops;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Sockets;

public sealed class LoopSocketTests : IDisposable
{
    private readonly Socket listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public LoopSocketTests() => listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    private IPEndPoint Address => (IPEndPoint)listening.LocalEndPoint!;

    public void Dispose() => listening.Dispose();

    [Fact]
    public async Task What_is_sent_at_one_end_comes_out_at_the_other()
    {
        var (near, far) = await Pair();
        using (near)
        using (far)
        {
            await near.SendAsync("there"u8.ToArray()).AsTask().WaitAsync(Eventually.Patience);

            Assert.Equal("there"u8.ToArray(), await Receive(far, 5));
            Assert.False(far.MayReceive, "less came than there was room for, and that was all");
            Assert.False(far.TryReceive(new byte[8], out _));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(500)]
    public async Task More_than_the_system_takes_at_once_waits_for_who_receives(int pieces)
    {
        var (near, far) = await Pair();
        using (near)
        using (far)
        {
            var content = new byte[20_000_000];
            new Random(5).NextBytes(content);

            var sending = near.SendAsync(Cut(content, pieces)).AsTask();
            Assert.False(sending.IsCompleted, "the system took twenty megabytes that nobody receives");
            var received = await Receive(far, content.Length);

            await sending.WaitAsync(Eventually.Patience);
            Assert.True(content.AsSpan().SequenceEqual(received));
        }
    }

    [Fact]
    public async Task An_end_stays_the_end()
    {
        var (near, far) = await Pair();
        using (near)
        using (far)
        {
            await near.SendAsync("last"u8.ToArray());
            near.Dispose();

            Assert.Equal("last"u8.ToArray(), await Receive(far, 4));
            for (var time = 0; time < 3; time++)
            {
                await far.WaitToReceiveAsync().AsTask().WaitAsync(Eventually.Patience);
                Assert.True(far.TryReceive(new byte[8], out var count));
                Assert.Equal(0, count);
            }
        }
    }

    [Fact]
    public async Task A_broken_connection_says_what_broke_it()
    {
        var (near, far) = await Pair();
        using (near)
        using (far)
        {
            far.Socket.Close(timeout: 0);
            await near.WaitToReceiveAsync().AsTask().WaitAsync(Eventually.Patience);

            Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => near.TryReceive(new byte[8], out _)).SocketErrorCode);
            Assert.Equal(SocketError.Shutdown, Assert.Throws<SocketException>(() => near.Send("more"u8)).SocketErrorCode);
        }
    }

    [Fact]
    public async Task Who_waits_learns_that_the_socket_was_closed_and_not_inside_the_closing()
    {
        var (near, far) = await Pair();
        using (far)
        {
            var closing = new Lock();
            var wasInside = true;
            async Task Wait()
            {
                await near.WaitToReceiveAsync().ConfigureAwait(false);
                wasInside = closing.IsHeldByCurrentThread;
            }

            var waiting = Wait();
            lock (closing) near.Dispose();
            await waiting.WaitAsync(Eventually.Patience);

            Assert.False(wasInside);
            Assert.Throws<ObjectDisposedException>(() => near.TryReceive(new byte[8], out _));
            Assert.Throws<ObjectDisposedException>(() => near.Send("more"u8));
            Assert.True(near.WaitToReceiveAsync().AsTask().IsCompletedSuccessfully);
        }
    }

    [Fact]
    public async Task One_at_a_time_waits()
    {
        var (near, far) = await Pair();
        using (near)
        using (far)
        {
            var first = near.WaitToReceiveAsync().AsTask();

            await Assert.ThrowsAsync<InvalidOperationException>(async () => await near.WaitToReceiveAsync());
            await far.SendAsync("x"u8.ToArray());
            await first.WaitAsync(Eventually.Patience);
        }
    }

    [Fact]
    public async Task Who_waited_goes_on_on_the_thread_of_the_sockets()
    {
        var (near, far) = await Pair();
        using (near)
        using (far)
        {
            async Task<bool> Wait()
            {
                await near.WaitToReceiveAsync().ConfigureAwait(false);
                return SocketThread.IsCurrent;
            }

            var waiting = Wait();
            await far.SendAsync("x"u8.ToArray());

            Assert.True(await waiting.WaitAsync(Eventually.Patience));
        }
    }

    [Fact]
    public async Task An_address_where_nobody_listens_refuses()
    {
        var refused = await Assert.ThrowsAsync<SocketException>(() => LoopSocket.ConnectAsync(Address, SocketLoop.Next(), CancellationToken.None).AsTask());

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Connecting_can_be_given_up()
    {
        using var patience = new CancellationTokenSource();
        // One may wait to be accepted; the others hear nothing.
        listening.Listen(0);
        var connecting = Enumerable.Range(0, 4).Select(_ => LoopSocket.ConnectAsync(Address, SocketLoop.Next(), patience.Token).AsTask()).ToList();

        await patience.CancelAsync();
        var ended = Task.WhenAll(connecting).WaitAsync(Eventually.Patience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ended);
        foreach (var connected in connecting.Where(each => each.IsCompletedSuccessfully)) (await connected).Dispose();
    }

    [Fact]
    public async Task Sockets_come_and_go_and_none_is_taken_for_another()
    {
        listening.Listen(64);
        var accepting = Task.Run(async () =>
        {
            while (true)
            {
                Socket accepted;
                try
                {
                    accepted = await listening.AcceptAsync();
                }
                catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
                {
                    return;
                }
                _ = EchoAsync(LoopSocket.Of(accepted, SocketLoop.Next()));
            }
        });

        var answered = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async client =>
        {
            var random = new Random(client);
            for (var turn = 0; turn < 50; turn++)
            {
                using var socket = await LoopSocket.ConnectAsync(Address, SocketLoop.Next(), CancellationToken.None);
                for (var message = random.Next(4); message > 0; message--)
                {
                    var content = new byte[random.Next(1, 30_000)];
                    random.NextBytes(content);
                    await socket.SendAsync(content);
                    Assert.Equal(content, await Receive(socket, content.Length));
                    Interlocked.Increment(ref answered);
                }
                // Some leave while something is under way.
                if (random.Next(3) == 0) socket.Send(new byte[5_000]);
            }
        })).WaitAsync(Eventually.Patience);
        listening.Dispose();
        await accepting.WaitAsync(Eventually.Patience);

        Assert.InRange(answered, 800, 2_400);
    }

    private static async Task EchoAsync(LoopSocket socket)
    {
        using (socket)
            try
            {
                var room = new byte[7_000];
                while (true)
                {
                    await socket.WaitToReceiveAsync();
                    if (!socket.TryReceive(room, out var count)) continue;
                    if (count == 0) return;
                    await socket.SendAsync(room.AsMemory(0, count));
                }
            }
            catch (SocketException left) when (left.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
            {
                // the client
            }
    }

    private async Task<(LoopSocket Near, LoopSocket Far)> Pair()
    {
        listening.Listen(4);
        var near = await LoopSocket.ConnectAsync(Address, SocketLoop.Next(), CancellationToken.None);
        return (near, LoopSocket.Of(await listening.AcceptAsync(), SocketLoop.Next()));
    }

    private static async Task<byte[]> Receive(LoopSocket socket, int length)
    {
        var received = new byte[length + 1];
        for (var end = 0; end < length;)
        {
            await socket.WaitToReceiveAsync().AsTask().WaitAsync(Eventually.Patience);
            if (!socket.TryReceive(received.AsSpan(end), out var count)) continue;
            Assert.NotEqual(0, count);
            end += count;
        }
        return received[..length];
    }

    private static ReadOnlySequence<byte> Cut(byte[] content, int pieces)
    {
        var first = new Piece(default, 0);
        var last = first;
        for (int each = 0, size = content.Length / pieces; each < pieces; each++)
            last = last.Then(content.AsMemory(each * size, each == pieces - 1 ? content.Length - (each * size) : size));
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
