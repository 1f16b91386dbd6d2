using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Who keeps the same state, and how they are reached.</summary>
internal sealed record ReplicationOptions
{
    /// <summary>The cluster's own name: nodes of two clusters never mix, whatever address they are given.</summary>
    public required string Cluster { get; init; }

    /// <summary>This node's name among the members.</summary>
    public required string Self { get; init; }

    /// <summary>The other members.</summary>
    public ImmutableArray<Peer> Peers { get; init; } = [];

    /// <summary>How often a node tells its followers where it stands when nothing changes. 100 ms to 1 min; default 1 s.</summary>
    public TimeSpan PositionInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a node gathers changes before it sends the next batch to a follower: a batch costs the same for one entry as
    /// for fifty. 0 to 100 ms; default 5 ms.
    /// </summary>
    public TimeSpan Gathering { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a peer may say nothing before its log is asked of others too. Three times the position interval, default 3 s.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>First pause after a link broke; it doubles up to <see cref="LongestPause"/>. Default 50 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Default 1 s: a healed link is found that soon.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often digests are compared. 1 s to 1 day; default 1 min.</summary>
    public TimeSpan AntiEntropyInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Log entries of an origin that are kept although every member has them, for change feeds. Default 100,000.</summary>
    public long KeptEntries { get; init; } = 100_000;

    /// <summary>
    /// Log entries of an origin kept for members that do not have them; who needs older ones takes a snapshot. Default
    /// 10,000,000, an hour of full writing.
    /// </summary>
    public long MostEntries { get; init; } = 10_000_000;

    /// <summary>The member that writes as the origin; one that is no member any more is told by its number.</summary>
    public string NameOf(ReplicaId origin) => Peers.Select(peer => peer.Name).Prepend(Self).FirstOrDefault(name => Origin.MemberOf(name) == origin.Member) ?? $"{origin}";

    /// <summary>Whether this origin belongs to a member, this node included.</summary>
    public bool Knows(ReplicaId origin) => origin.Member == Origin.MemberOf(Self) || Peers.Any(peer => origin.Member == peer.Member);
}

/// <summary>Another member.</summary>
/// <param name="Url">Its inner address.</param>
internal sealed record Peer(string Name, Uri Url)
{
    public uint Member { get; } = Origin.MemberOf(Name);
}
