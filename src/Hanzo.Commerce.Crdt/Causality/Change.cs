using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>One change under way: gives out its dots and gathers what its delta has seen.</summary>
public sealed class Change
{
    private readonly List<Dot> _dots = [];
    private readonly ReplicaId _replica;
    private long _last;

    internal Change(CausalContext seen, ReplicaId replica)
    {
        _replica = replica;
        _last = seen.Last(replica);
    }

    /// <summary>Who makes the change.</summary>
    public ReplicaId Replica => _replica;

    internal CausalContext Context
    {
        get
        {
            _dots.Sort();
            return CausalContext.Compact(VersionVector.Empty, CollectionsMarshal.AsSpan(_dots));
        }
    }

    /// <summary>A name for something new.</summary>
    public Dot NewDot()
    {
        var dot = new Dot(_replica, ++_last);
        _dots.Add(dot);
        return dot;
    }

    /// <summary>These take effect no longer, wherever the delta arrives, now or when they arrive after it.</summary>
    public void Supersede(IEnumerable<Dot> dots) => _dots.AddRange(dots);
}
