using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Commerce.Node.Tests.Consensus.Mesh;

public sealed class CallLinkTests : IAsyncLifetime
{
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(5);
    private static readonly Task Forever = new TaskCompletionSource().Task;

    private readonly FakeTimeProvider _time = new();
    private readonly Leader _leader = new();
    private readonly Peer _peer;
    private readonly LeaderClient _client;

    public CallLinkTests()
    {
        _peer = new Peer("b", new Uri($"http://{_leader.Address}"));
        _client = new LeaderClient(new MeshOptions { Self = () => new Hello("test", 4, "a@1", "us-east", ["a@1", "b@1"]), Peers = [_peer], Secure = (stream, _, _) => new(stream) }, _time, NullLogger<LeaderClient>.Instance);
    }

    public async Task InitializeAsync()
    {
        _client.Start();
        while (true)
        {
            // Taken at once by nobody until there is a connection.
            var probe = Submit("probe");
            if (!probe.IsCompleted)
            {
                (await _leader.Next()).Answer(new CallAnswer(CallFate.Done));
                await probe;
                return;
            }
            await Task.Yield();
        }
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _leader.DisposeAsync();
    }

    [Fact]
    public async Task A_command_comes_to_the_leader_with_the_time_that_is_left_and_its_answer_comes_back()
    {
        var doing = Submit("do");
        var (call, answer) = await _leader.Next();
        Assert.Equal((MessageKind.Command, 2, Left), (call.Kind, call.Shard, call.Left));
        Assert.Equal("do"u8.ToArray(), call.Content.ToArray());
        answer(new CallAnswer(CallFate.Done, "done"u8.ToArray(), Applied: 7));
        Assert.Equal("done"u8.ToArray(), Assert.IsType<SubmitOutcome.Applied>(await doing).Answer.ToArray());
    }

    [Fact]
    public async Task Answers_come_in_any_order_and_each_goes_to_its_own_caller()
    {
        var asking = Enumerable.Range(0, 100).Select(number => Submit($"{number}")).ToArray();
        var taken = new List<(Call Call, Action<CallAnswer> Answer)>();
        while (taken.Count < asking.Length)
            taken.Add(await _leader.Next());
        taken.Reverse();
        foreach (var (call, answer) in taken)
            answer(new CallAnswer(CallFate.Done, call.Content));
        for (var number = 0; number < asking.Length; number++)
            Assert.Equal($"{number}", System.Text.Encoding.UTF8.GetString(Assert.IsType<SubmitOutcome.Applied>(await asking[number]).Answer.Span));
    }

    [Fact]
    public async Task A_command_that_the_other_node_does_not_lead_may_be_tried_again_and_one_without_room_may_not()
    {
        var elsewhere = Submit("do");
        (await _leader.Next()).Answer(new CallAnswer(CallFate.NotTaken));
        Assert.Null(await elsewhere);
        var full = Submit("do");
        (await _leader.Next()).Answer(new CallAnswer(CallFate.NoRoom));
        Assert.Equal(new SubmitOutcome.NotApplied(TimeSpan.FromSeconds(1), IsDiskFull: true), await full);
    }

    [Fact]
    public async Task A_question_that_the_other_node_does_not_lead_has_no_answer_rather_than_an_empty_one()
    {
        var elsewhere = Read();
        (await _leader.Next()).Answer(new CallAnswer(CallFate.NotTaken));
        Assert.Null(await elsewhere);
        var answered = Read();
        (await _leader.Next()).Answer(new CallAnswer(CallFate.Done));
        Assert.Equal(0, (await answered)!.Value.Length);
    }

    [Fact]
    public async Task Of_a_command_whose_connection_breaks_nothing_is_known_and_one_that_finds_none_is_certainly_nowhere()
    {
        var doing = Submit("do");
        await _leader.Next();
        _leader.Break();
        Assert.IsType<SubmitOutcome.Unknown>(await doing);
        Assert.Null(await Submit("do"));
    }

    [Fact]
    public async Task Of_a_command_that_is_not_answered_in_time_nothing_is_known()
    {
        var late = Submit("do");
        await _leader.Next();
        _time.Advance(Left - TimeSpan.FromMilliseconds(1));
        Assert.False(late.IsCompleted);
        await Passing(late);
        Assert.IsType<SubmitOutcome.Unknown>(await late);
    }

    [Fact]
    public async Task A_leader_that_is_replaced_is_not_waited_for_any_longer()
    {
        var replaced = new TaskCompletionSource();
        var waiting = Submit("do", replaced.Task);
        await _leader.Next();
        replaced.SetResult();
        await Passing(waiting);
        Assert.IsType<SubmitOutcome.Unknown>(await waiting);
    }

    [Fact]
    public async Task A_caller_that_went_away_is_not_waited_for()
    {
        using var gone = new CancellationTokenSource();
        var waiting = Submit("do", cancellation: gone.Token);
        await _leader.Next();
        await gone.CancelAsync();
        await Passing(waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private Task<SubmitOutcome?> Submit(string command, Task? replaced = null, CancellationToken cancellation = default) =>
        _client.Submit(_peer, 2, System.Text.Encoding.UTF8.GetBytes(command), Left, replaced ?? Forever, cancellation).AsTask();

    private Task<ReadOnlyMemory<byte>?> Read() => _client.Read(_peer, 2, "who"u8.ToArray(), Left, Forever, CancellationToken.None).AsTask();

    /// <summary>Lets time pass until it is done.</summary>
    private async Task Passing(Task done)
    {
        while (!done.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }

    /// <summary>The other node, which answers as the test says.</summary>
    private sealed class Leader : IMeshReceiver, IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<(Call, Action<CallAnswer>)> _calls = [];
        private readonly SemaphoreSlim _come = new(0);
        private readonly Task _serving;
        private Socket? _socket;
        private bool _isBroken;

        public Leader()
        {
            _listener.Start();
            _serving = Serve();
        }

        public EndPoint Address => _listener.LocalEndpoint;

        public async Task<(Call Call, Action<CallAnswer> Answer)> Next()
        {
            await _come.WaitAsync();
            return _calls.TryDequeue(out var call) ? call : throw new InvalidOperationException("There is no call.");
        }

        /// <summary>Ends the connection, and takes no other.</summary>
        public void Break()
        {
            _isBroken = true;
            _listener.Stop();
            _socket!.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            Break();
            await _serving;
            _come.Dispose();
        }

        public void Called(Call call, Action<CallAnswer> answer)
        {
            _calls.Enqueue((call, answer));
            _come.Release();
        }

        public void Met(Hello other)
        {
        }

        public void Lost(string id)
        {
        }

        public void Received(int shard, string from, Message message)
        {
        }

        public string PathOfArriving(int shard) => "";

        public void Arrived(int shard, string from, long term, string path)
        {
        }

        private async Task Serve()
        {
            _socket = await _listener.AcceptSocketAsync();
            await using var stream = new NetworkStream(_socket);
            using var closed = new CancellationTokenSource();
            var options = new MeshOptions { Self = () => new Hello("test", 4, "b@1", "eu-west", ["a@1", "b@1"]), Peers = [new Peer("a", new Uri("http://127.0.0.1:1"))], Secure = (inner, _, _) => new(inner) };
            var connection = new DefaultConnectionContext("test", new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream)), new Duplex(PipeReader.Create(Stream.Null), PipeWriter.Create(Stream.Null))) { ConnectionClosed = closed.Token };
            try
            {
                await new MeshListener(options, this, TimeProvider.System, NullLogger.Instance).Serve(connection);
            }
            catch (ObjectDisposedException) when (_isBroken)
            {
            }
        }

        private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
    }
}
