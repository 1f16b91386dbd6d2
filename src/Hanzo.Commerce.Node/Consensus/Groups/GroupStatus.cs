using System.Collections.Immutable;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>A shard as this node sees it.</summary>
/// <param name="Role">leader, follower, candidate; learner or newcomer where it does not vote.</param>
/// <param name="Silence">How long nothing proved that this node belongs to a led majority.</param>
internal sealed record GroupStatus(int Shard, string Role, long Term, string? Leader, string? Preferred, long Commit, long Applied, long First, long Last, long Snapshot, long LogBytes, TimeSpan Silence)
{
    public ImmutableArray<MemberStatus> Members { get; init; } = [];
}

/// <param name="Match">Up to where its log is known to be the leader's; null where this node does not lead.</param>
internal sealed record MemberStatus(Member Member, long? Match, bool? IsActive);
