using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Mesh;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>This node's replica of every shard, and the mesh that connects them with the other nodes'.</summary>
internal sealed class Replicas : IMeshReceiver, IGroupHost, IDisposable
{
    private readonly ConsensusOptions _options;
    private readonly ILogger<Replicas> _log;
    private readonly ConsensusMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ProcessEnd _end;
    private readonly IShardMachine[] _machines;
    private readonly ShardLogs _logs;
    private readonly GroupLoop _loop;
    private readonly Group[] _groups;
    private readonly ImmutableDictionary<string, MeshLink> _links;
    private readonly ConcurrentDictionary<string, Hello> _met = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _founding = new();
    private Task _running = Task.CompletedTask;
    private volatile NodeIdentity _identity;

    /// <exception cref="IOException">The data directory cannot be used, and why.</exception>
    public Replicas(ConsensusOptions options, Func<int, IShardMachine> machine, Random random, ConsensusMetrics metrics, TimeProvider time, ILogger<Replicas> log, ProcessEnd end)
    {
        (_options, _metrics, _time, _log, _end) = (options, metrics, time, log, end);
        _identity = NodeIdentity.Open(options.Directory, options.Cluster, options.Shards, options.Name);
        if (options.Peers.IsEmpty && _identity.Founders.IsEmpty)
        {
            _identity = _identity with { Founders = [_identity.Id] };
            _identity.Keep(options.Directory);
        }
        Mesh = new MeshOptions { Self = () => new Hello(options.Cluster, options.Shards, _identity.Id, options.Region, _identity.Founders), Peers = options.Peers, Secure = options.Secure };
        _links = options.Peers.ToImmutableDictionary(peer => peer.Name, peer => new MeshLink(peer, Mesh, this, time, log));
        _machines = [.. Enumerable.Range(0, options.Shards).Select(machine)];
        _groups = new Group[options.Shards];
        // Each reads its snapshot and its log, which takes a processor most of the time. A collector that marks beside them
        // would take another, and nobody is served yet whom its pauses could keep waiting.
        using var batch = new BatchCollection();
        _logs = new ShardLogs(options.Directory, options.Shards, _identity.FoundingMembers);
        _loop = new GroupLoop(_logs, this, time);
        try
        {
            var seeds = Enumerable.Range(0, options.Shards).Select(_ => random.Next()).ToArray();
            Parallel.For(0, options.Shards, shard => _groups[shard] = Open(shard, seeds[shard]));
        }
        catch (AggregateException faults)
        {
            _logs.Dispose();
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    public MeshOptions Mesh { get; }

    public NodeIdentity Identity => _identity;

    public IReadOnlyList<Group> Groups => _groups;

    public Group this[int shard] => _groups[shard];

    /// <summary>Whether every shard has a leader that this node hears, or that it is with a majority behind it.</summary>
    public bool IsLed => _groups.All(group => group.Leader is not null && group.Silence < _options.Raft.ElectionTimeout * 1.5);

    public IShardMachine MachineOf(int shard) => _machines[shard];

    /// <summary>How to reach a member; null for this node, for nobody and for strangers.</summary>
    public Peer? PeerOf(string? id) => id is null ? null : _options.Peers.FirstOrDefault(peer => peer.Name == Member.NameOf(id));

    /// <summary>Where a member stands; null where that is not known.</summary>
    public string? RegionOf(string? id) => id is null ? null : id == _identity.Id ? _options.Region : _met.GetValueOrDefault(Member.NameOf(id))?.Region;

    public void Start()
    {
        _loop.Start(_groups);
        _running = Task.WhenAll(_links.Values.Select(link => Task.Run(() => link.Run(_stopping.Token))));
    }

    /// <summary>Completes when a node without peers leads its shards: nobody else has to be waited for, so it is ready when it serves.</summary>
    public async Task LeadAlone(CancellationToken cancellation)
    {
        if (!_options.Peers.IsEmpty)
            return;
        foreach (var group in _groups)
        {
            for (var changed = group.ViewChanged; !group.Leads; changed = group.ViewChanged)
                await changed.WaitAsync(cancellation);
        }
    }

    /// <summary>Hands over what this node leads.</summary>
    public void Leave()
    {
        foreach (var group in _groups)
            group.Leave();
    }

    public void Met(Hello other)
    {
        _met[Member.NameOf(other.Id)] = other;
        foreach (var group in _groups)
            group.Met(other.Id);
        lock (_founding)
            Found();
    }

    public void Lost(string id)
    {
        foreach (var group in _groups)
            group.Lost(id);
    }

    public void Received(int shard, string from, Message message) => _groups[shard].Receive(from, message);

    public void Called(Call call, Action<CallAnswer> answer)
    {
        if (call.Kind == MessageKind.Question)
            _ = Answer(call, answer);
        else
            _groups[call.Shard].Propose(new PassedOnProposal(call.Content, call.Left, outcome => answer(outcome.Fate switch
            {
                ProposalFate.Applied => new CallAnswer(CallFate.Done, outcome.Answer, _groups[call.Shard].Applied),
                ProposalFate.NoRoom => new CallAnswer(CallFate.NoRoom),
                ProposalFate.Unknown => new CallAnswer(CallFate.Unknown),
                _ => new CallAnswer(CallFate.NotTaken),
            })));
    }

    // A name of its own: the one before may be on its way into the replica still. What is left over goes with the next start.
    public string PathOfArriving(int shard) => Path.Combine(DirectoryOf(shard), $"arriving-{Guid.NewGuid():n}.unfinished");

    public void Arrived(int shard, string from, long term, string path)
    {
        var snapshot = SnapshotFile.Open(path);
        _groups[shard].Receive(from, new InstallSnapshot(term, snapshot.Index, snapshot.Term, snapshot.Members, snapshot));
    }

    public void Send(int shard, string to, Message message)
    {
        if (!_links.TryGetValue(Member.NameOf(to), out var link))
            return;
        if (message is InstallSnapshot snapshot)
            _ = Task.Run(() => Bring(shard, to, snapshot));
        else
            link.Send(shard, to, message);
    }

    public void Flush()
    {
        foreach (var (_, link) in _links)
            link.Flush();
    }

    public void LeaderChanged(int shard, string? leader, long term)
    {
        _metrics.LeaderChanged(shard);
        if (leader is null)
            _log.NotLed(shard, term);
        else
            _log.Led(shard, leader, term);
    }

    public void Installed(int shard, string from, long index) => _log.Installed(shard, index, from);

    public void NoRoom(int shard, IOException why)
    {
        _metrics.NoRoom(shard);
        _log.NoRoom(shard, why.Message);
    }

    public void Failed(int? shard, Exception fault)
    {
        if (shard is { } one)
            _log.Failed(fault, one);
        else
            _log.FailedTogether(fault);
        _end.Now(3);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _running.Wait();
        _loop.Dispose();
        foreach (var group in _groups)
            group.Dispose();
        _logs.Dispose();
        _stopping.Dispose();
    }

    private Group Open(int shard, int seed) => new(
        new GroupOptions { Shard = shard, Self = _identity.Id, Directory = DirectoryOf(shard), Preferred = _options.PreferredOf(shard), Raft = _options.Raft },
        _logs[shard],
        _machines[shard],
        this,
        _loop,
        new Random(seed),
        _time);

    private string DirectoryOf(int shard) => ShardLogs.DirectoryOf(_options.Directory, shard);

    /// <summary>
    /// Decides with whom the cluster began. Only while nobody knows may all that are configured found it together, each by
    /// its id; from then on a node whose id is not among them came later, with an empty disk, and has to be taken in.
    /// </summary>
    private void Found()
    {
        if (!_identity.Founders.IsEmpty)
            return;
        var others = _options.Peers.Select(peer => _met.GetValueOrDefault(peer.Name)).OfType<Hello>().ToArray();
        var known = others.FirstOrDefault(other => !other.Founders.IsEmpty)?.Founders;
        if (known is null && others.Length < _options.Peers.Length)
            return;
        _identity = _identity with { Founders = known ?? [.. others.Select(other => other.Id).Append(_identity.Id).Order(StringComparer.Ordinal)] };
        _identity.Keep(_options.Directory);
        foreach (var link in _links.Values)
            link.Introduce();
        if (_identity.FoundingMembers.All.IsEmpty)
        {
            _log.Newcomer(_identity.Id);
            return;
        }
        foreach (var founder in _identity.Founders)
            _log.Founded(founder);
        foreach (var group in _groups)
            group.Found(_identity.FoundingMembers);
    }

    private async Task Answer(Call call, Action<CallAnswer> answer)
    {
        var group = _groups[call.Shard];
        var isProved = group.Confirm();
        await Task.WhenAny(isProved, Task.Delay(call.Left, _time));
        answer(isProved is { IsCompleted: true, Result: true }
            ? new CallAnswer(CallFate.Done, _machines[call.Shard].Answer(call.Content.Span), group.Applied)
            : new CallAnswer(CallFate.NotTaken));
    }

    private async Task Bring(int shard, string to, InstallSnapshot snapshot)
    {
        // A snapshot that came and was not taken is not told of: it is brought again after a while.
        var patience = TimeSpan.FromSeconds(10);
        try
        {
            await SnapshotTransfer.Send(PeerOf(to)!, Mesh, shard, snapshot.Term, (SnapshotFile)snapshot.Content, _stopping.Token);
        }
        catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException or TimeoutException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            patience = TimeSpan.FromSeconds(1);
            if (!_stopping.IsCancellationRequested)
                _log.SnapshotNotSent(shard, Member.NameOf(to), broken.Message);
        }
        await Task.Delay(patience, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _groups[shard].SnapshotFailed(to);
    }
}
