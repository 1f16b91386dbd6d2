using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>What operators wish of a shard's members. Each wish is said again until it is done; nothing but the log remembers it.</summary>
internal sealed partial class Group
{
    /// <summary>Takes a node in: as a learner, which becomes a voter by itself once it has caught up.</summary>
    /// <returns>Null when it votes; else how far that is.</returns>
    public Task<string?> Add(string name) => Ask(() => WhyNotChanged() ?? AddNow(name));

    /// <summary>Takes a node out. What it leads it hands over first.</summary>
    /// <returns>Null when that is decided; else how far it is, or what is against it.</returns>
    public Task<string?> Remove(string name) => Ask(() => WhyNotChanged() ?? RemoveNow(name));

    private string? WhyNotChanged() => !_core.TakesCommands ? "is about to change its leader"
        : _core.Members.Index > _core.Commit ? "has a change of its members under way"
        : null;

    private string? AddNow(string name)
    {
        var members = _core.Members.All;
        if (members.FirstOrDefault(member => member.Name == name) is { } member)
            return member.IsVoter ? null : $"has {name} as a learner, {Math.Max(0, _log.LastIndex - (_core.ProgressOf(member.Id)?.Match ?? 0))} entries behind";
        if (!_known.TryGetValue(name, out var id))
            return $"is led by {Member.NameOf(_options.Self)}, which has not met {name}: they have to be each other's --peer";
        _core.Change([.. members, new Member(id, IsVoter: false)]);
        return $"takes {name} in as a learner";
    }

    private string? RemoveNow(string name)
    {
        var members = _core.Members.All;
        if (members.FirstOrDefault(member => member.Name == name) is not { } member)
            return null;
        var rest = Membership.Of(0, members.Where(other => other != member));
        var heard = rest.Voters.Count(voter => StatusOf(voter) is { IsActive: true });
        if (heard < rest.Majority || !rest.Voters.Any())
            return $"would hear {heard} of {rest.Voters.Count()} voters without {name}, which is no majority";
        if (member.Id == _options.Self)
            return _core.HandOver() ? $"is handed over by {name}" : $"is led by {name}, and nobody else has caught up";
        _core.Change(rest.All);
        return $"takes {name} out";
    }
}
