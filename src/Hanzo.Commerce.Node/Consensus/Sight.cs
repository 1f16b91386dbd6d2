using System.Collections.Immutable;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>So far in its log, this shard was seen.</summary>
internal readonly record struct ShardIndex(int Shard, long Index);

/// <summary>
/// How far in each shard's log a client has seen: what it brought, raised by what its request writes and reads. It hangs on
/// the flow of the request, so that no layer between has to carry it.
/// </summary>
internal sealed class Sight
{
    private static readonly AsyncLocal<Sight?> Flow = new();

    private readonly Lock _lock = new();
    private readonly bool _isHeld;
    private ImmutableArray<ShardIndex> _seen;

    private Sight(ImmutableArray<ShardIndex> seen, bool isHeld) => (_seen, _isHeld) = (seen, isHeld);

    /// <summary>That of the request under way, or null for what no client asked for.</summary>
    public static Sight? Current => Flow.Value;

    /// <summary>The shards last seen come first.</summary>
    public ImmutableArray<ShardIndex> Seen
    {
        get
        {
            lock (_lock)
                return _seen;
        }
    }

    /// <summary>Whether something was answered from a state before what the client has seen.</summary>
    public bool IsBehind { get; set; }

    /// <param name="seen">What the client brought.</param>
    /// <param name="isHeld">Whether local readings must not be older: when the client asks for these itself.</param>
    public static Sight Begin(ImmutableArray<ShardIndex> seen, bool isHeld) => Flow.Value = new Sight(seen, isHeld);

    /// <summary>How far a local reading of this shard must see at least.</summary>
    public long Least(int shard) => _isHeld ? Seen.FirstOrDefault(seen => seen.Shard == shard).Index : 0;

    public static void Note(int shard, long index)
    {
        // A log without entries has nothing to be behind of.
        if (Current is not { } sight || index <= 0)
            return;
        lock (sight._lock)
        {
            var before = sight._seen.FirstOrDefault(seen => seen.Shard == shard);
            sight._seen = [new ShardIndex(shard, Math.Max(index, before.Index)), .. sight._seen.Where(seen => seen.Shard != shard)];
        }
    }
}
