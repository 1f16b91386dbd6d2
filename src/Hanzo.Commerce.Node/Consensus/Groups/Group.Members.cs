using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>What operators wish of a shard's members. Each wish is said again until it is done; nothing but the log remembers it.</summary>
internal sealed partial class Group
{
    private readonly List<Removal> _removals = [];

    /// <summary>Takes a node in: as a learner, which becomes a voter by itself once it has caught up.</summary>
    /// <returns>Null when it votes; else how far that is.</returns>
    public Task<string?> Add(string name) => Ask(() => WhyNotChanged() ?? AddNow(name));

    /// <summary>
    /// Takes a node out, once a majority of those that remain has answered in a round that began after this call: what was
    /// heard before may be of a node that died since. What the node leads it hands over first.
    /// </summary>
    /// <returns>Null when that is decided; else how far it is, or what is against it.</returns>
    public Task<string?> Remove(string name)
    {
        var removal = new Removal(name);
        if (!_loop.Put(() => _inbox.Actions.Add(() => Begin(removal))))
            throw new OperationCanceledException("The node stops.");
        return removal.Task;
    }

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

    private void Begin(Removal removal)
    {
        _removals.Add(removal);
        // Without a round it is told at once why there can be none.
        removal.Round = _core.BeginRead()?.Round ?? 0;
        removal.Until = Now() + (long)_options.Raft.ElectionTimeout.TotalMilliseconds;
    }

    /// <summary>Carries out the removals that enough have answered, and gives up those that waited for too long.</summary>
    private void Remove() => _removals.RemoveAll(removal => Judge(removal) is var (isDecided, told) && isDecided && removal.TrySetResult(told));

    private (bool IsDecided, string? Told) Judge(Removal removal)
    {
        if (WhyNotChanged() is { } why)
            return (true, why);
        if (_core.Members.All.FirstOrDefault(member => member.Name == removal.Name) is not { } member)
            return (true, null);
        var rest = Membership.Of(0, _core.Members.All.Where(other => other != member));
        if (!rest.Voters.Any())
            return (true, $"has nobody who votes without {removal.Name}");
        var silent = rest.Voters.Where(voter => !Answered(voter, removal.Round)).Select(voter => voter.Name).ToArray();
        var answered = rest.Voters.Count() - silent.Length;
        return answered >= rest.Majority ? (true, RemoveNow(member, rest))
            : (Now() >= removal.Until, $"would have {answered} of {rest.Voters.Count()} voters without {removal.Name}, which is no majority: {string.Join(" and ", silent)} did not answer within {_options.Raft.ElectionTimeout.TotalMilliseconds:0} ms");
    }

    private bool Answered(Member member, long round) => member.Id == _options.Self || _core.ProgressOf(member.Id)?.Round >= round;

    private string RemoveNow(Member member, Membership rest)
    {
        if (member.Id == _options.Self)
            return _core.HandOver() ? $"is handed over by {member.Name}" : $"is led by {member.Name}, and nobody else has caught up";
        _core.Change(rest.All);
        return $"takes {member.Name} out";
    }

    /// <summary>A removal that waits for answers.</summary>
    private sealed class Removal(string name) : TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string Name => name;

        public long Round { get; set; }

        public long Until { get; set; }
    }
}
