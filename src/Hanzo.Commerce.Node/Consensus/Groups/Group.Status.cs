using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>What a replica tells of itself.</summary>
internal sealed partial class Group
{
    public Task<GroupStatus> Status() => Ask(StatusNow);

    private GroupStatus StatusNow() => new(
        _options.Shard,
        _core.Members.Find(_options.Self) switch
        {
            null => "newcomer",
            { IsVoter: false } => "learner",
            _ => _core.Role.ToString().ToLowerInvariant(),
        },
        _core.Term,
        _core.Leader,
        _options.Preferred,
        _core.Commit,
        _applied,
        _log.FirstIndex,
        _log.LastIndex,
        _log.SnapshotIndex,
        _log.Length,
        _core.Silence)
    {
        Members = [.. _core.Members.All.Select(StatusOf)],
    };

    private MemberStatus StatusOf(Member member)
    {
        if (_core.Role != Role.Leader)
            return new MemberStatus(member, null, null);
        if (member.Id == _options.Self)
            return new MemberStatus(member, _log.SyncedIndex, true);
        var progress = _core.ProgressOf(member.Id);
        return new MemberStatus(member, progress?.Match, progress is not null && Now() - progress.HeardAt < _options.Raft.ElectionTimeout.TotalMilliseconds);
    }
}
