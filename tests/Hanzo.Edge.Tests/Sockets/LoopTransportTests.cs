using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Hanzo.Sockets.Loops;
using Hanzo.Testing;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hanzo.Edge.Tests.Sockets;

public sealed class LoopTransportTests : IAsyncLifetime
{
    private readonly CountedPool pool = new();
    private IConnectionListener listener = null!;

    public async Task InitializeAsync() =>
        listener = await new LoopTransport(pool, TimeProvider.System, NullLogger<LoopTransport>.Instance).BindAsync(new IPEndPoint(IPAddress.Loopback, 0));

    public async Task DisposeAsync()
    {
        await listener.DisposeAsync();
        Assert.Equal(0, pool.Lent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_a_client_sends_is_read_in_any_portions(int seed)
    {
        var random = new Random(seed);
        var content = new byte[300_000];
        random.NextBytes(content);
        var (client, connection) = await Connect();
        await using (connection)
        using (client)
        {
            var sizes = new Random(seed + 100);
            var sending = Task.Run(async () =>
            {
                for (var sent = 0; sent < content.Length;)
                    sent += await client.SendAsync(content.AsMemory(sent, Math.Min(sizes.Next(1, 20_000), content.Length - sent)));
                client.Shutdown(SocketShutdown.Send);
            });

            var read = new List<byte>();
            while (true)
            {
                var result = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Eventually.Patience);
                // Some is consumed, some is only looked at; where not all is looked at, reading again must not wait for more.
                var consumed = random.Next((int)result.Buffer.Length + 1);
                if (result.IsCompleted) consumed = (int)result.Buffer.Length;
                read.AddRange(result.Buffer.Slice(0, consumed).ToArray());
                var examined = random.Next(2) == 0 ? result.Buffer.End : result.Buffer.GetPosition(random.Next(consumed, (int)result.Buffer.Length + 1));
                connection.Transport.Input.AdvanceTo(result.Buffer.GetPosition(consumed), examined);
                if (result.IsCompleted) break;
            }

            await sending;
            Assert.Equal(content, read);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_is_written_waits_for_a_client_that_receives(int seed)
    {
        var random = new Random(seed);
        var content = new byte[20_000_000];
        random.NextBytes(content);
        var (client, connection) = await Connect();
        await using (connection)
        using (client)
        {
            var writing = Task.Run(async () =>
            {
                var output = connection.Transport.Output;
                for (var written = 0; written < content.Length;)
                {
                    for (var portion = random.Next(1, 40); portion > 0 && written < content.Length; portion--)
                    {
                        var memory = output.GetMemory(random.Next(3) == 0 ? random.Next(100_000) : 0);
                        var size = Math.Min(random.Next(memory.Length + 1), content.Length - written);
                        content.AsMemory(written, size).CopyTo(memory);
                        output.Advance(size);
                        written += size;
                    }
                    Assert.False((await output.FlushAsync()).IsCompleted);
                    Assert.Equal(0, output.UnflushedBytes);
                }
                await output.CompleteAsync();
            });

            var received = await ReceiveAll(client);
            Assert.True(content.AsSpan().SequenceEqual(received));
            await writing;
        }
    }

    [Fact]
    public async Task What_was_not_flushed_is_sent_before_the_end()
    {
        var (client, connection) = await Connect();
        using (client)
        {
            connection.Transport.Output.Write("last words"u8);
            await connection.DisposeAsync();

            Assert.Equal("last words"u8.ToArray(), await ReceiveAll(client));
        }
    }

    [Fact]
    public async Task A_client_whose_content_nobody_reads_gets_its_answer_whole()
    {
        var (client, connection) = await Connect();
        using (client)
        {
            await client.SendAsync(new byte[200_000]);
            connection.Transport.Output.Write(new byte[5_000_000]);
            var closing = connection.DisposeAsync().AsTask();

            Assert.Equal(5_000_000, (await ReceiveAll(client)).Length);
            await closing.WaitAsync(Eventually.Patience);
        }
    }

    [Fact]
    public async Task A_client_that_leaves_is_noticed_though_nobody_reads()
    {
        var (client, connection) = await Connect();
        await using (connection)
        {
            await client.SendAsync("good bye"u8.ToArray());
            client.Dispose();

            await Closing(connection);
            var result = await connection.Transport.Input.ReadAsync().AsTask().WaitAsync(Eventually.Patience);
            Assert.True(result.IsCompleted);
            Assert.Equal("good bye"u8.ToArray(), result.Buffer.ToArray());
        }
    }

    [Fact]
    public async Task A_client_that_breaks_off_is_told_apart()
    {
        var (client, connection) = await Connect();
        await using (connection)
        {
            var reading = connection.Transport.Input.ReadAsync().AsTask();
            client.Close(timeout: 0);

            await Assert.ThrowsAsync<ConnectionResetException>(() => reading.WaitAsync(Eventually.Patience));
            await Closing(connection);
            connection.Transport.Output.Write("too late"u8);
            await connection.Transport.Output.FlushAsync();
            connection.Transport.Output.Write("much too late"u8);
            Assert.True((await connection.Transport.Output.FlushAsync().AsTask().WaitAsync(Eventually.Patience)).IsCompleted);
        }
    }

    [Fact]
    public async Task Aborting_ends_what_reads_and_what_flushes()
    {
        var (client, connection) = await Connect();
        await using (connection)
        using (client)
        {
            var reading = connection.Transport.Input.ReadAsync().AsTask();
            connection.Transport.Output.Write(new byte[30_000_000]);
            var flushing = connection.Transport.Output.FlushAsync().AsTask();
            Assert.False(reading.IsCompleted || flushing.IsCompleted);

            connection.Abort(new ConnectionAbortedException("enough"));

            Assert.Equal("enough", (await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.WaitAsync(Eventually.Patience))).Message);
            Assert.True((await flushing.WaitAsync(Eventually.Patience)).IsCompleted);
            await Closing(connection);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reading_is_given_up_and_taken_up_again(bool byToken)
    {
        var (client, connection) = await Connect();
        await using (connection)
        using (client)
        {
            var input = connection.Transport.Input;
            using var giveUp = new CancellationTokenSource();
            var reading = input.ReadAsync(byToken ? giveUp.Token : default).AsTask();
            if (byToken)
            {
                await giveUp.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Eventually.Patience));
            }
            else
            {
                input.CancelPendingRead();
                var canceled = await reading.WaitAsync(Eventually.Patience);
                Assert.True(canceled.IsCanceled && canceled.Buffer.IsEmpty);
                input.AdvanceTo(canceled.Buffer.End);
            }

            var again = input.ReadAsync().AsTask();
            await client.SendAsync("here I am"u8.ToArray());

            Assert.Equal("here I am"u8.ToArray(), (await again.WaitAsync(Eventually.Patience)).Buffer.ToArray());
        }
    }

    [Fact]
    public async Task While_nothing_comes_no_memory_waits()
    {
        var (client, connection) = await Connect();
        await using (connection)
        using (client)
        {
            var input = connection.Transport.Input;
            for (var turn = 0; turn < 3; turn++)
            {
                var reading = input.ReadAsync().AsTask();
                Assert.Equal(0, pool.Lent);
                await client.SendAsync("and then"u8.ToArray());
                input.AdvanceTo((await reading.WaitAsync(Eventually.Patience)).Buffer.End);
            }
        }
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_as_such()
    {
        var transport = new LoopTransport(pool, TimeProvider.System, NullLogger<LoopTransport>.Instance);

        await Assert.ThrowsAsync<AddressInUseException>(async () => await transport.BindAsync(listener.EndPoint));
    }

    [Fact]
    public async Task Who_listens_no_longer_accepts_nobody()
    {
        var accepting = listener.AcceptAsync().AsTask();

        await listener.UnbindAsync();

        Assert.Null(await accepting.WaitAsync(Eventually.Patience));
    }

    private async Task<(Socket Client, ConnectionContext Connection)> Connect()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint);
        return (client, (await listener.AcceptAsync())!);
    }

    private static async Task<byte[]> ReceiveAll(Socket client)
    {
        using var received = new MemoryStream();
        await using var stream = new NetworkStream(client);
        await stream.CopyToAsync(received).WaitAsync(Eventually.Patience);
        return received.ToArray();
    }

    private static async Task Closing(ConnectionContext connection)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionClosed.Register(closed.SetResult);
        await closed.Task.WaitAsync(Eventually.Patience);
    }

    // As Kestrel's: pieces of 4 KB at most. Counts what was not given back.
    private sealed class CountedPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
    {
        private int lent;

        public int Lent => Volatile.Read(ref lent);

        public override int MaxBufferSize => 4096;

        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Assert.InRange(minBufferSize, -1, MaxBufferSize);
            Interlocked.Increment(ref lent);
            return new Lease(this);
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Lease(CountedPool pool) : IMemoryOwner<byte>
        {
            private byte[]? memory = new byte[4096];

            public Memory<byte> Memory => memory ?? throw new ObjectDisposedException(nameof(Lease));

            public void Dispose()
            {
                memory = null;
                Interlocked.Decrement(ref pool.lent);
            }
        }
    }
}
