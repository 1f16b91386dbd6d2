namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>The members along a log: an entry that names them may be taken back, and then those before hold again.</summary>
/// <param name="first">Who they are where nothing else says it.</param>
internal sealed class MembershipHistory(Membership first)
{
    private readonly List<Membership> _all = [first];

    public Membership Last => _all[^1];

    public Membership At(long index) => _all.FindLast(members => members.Index <= index) ?? _all[0];

    public void Add(LogEntry entry)
    {
        if (entry.Kind == EntryKind.Members)
            _all.Add(Membership.Decode(entry.Index, entry.Content.Span));
    }

    /// <summary>Forgets what entries from <paramref name="index"/> on said.</summary>
    public void Cut(long index) => _all.RemoveAll(members => members.Index >= index && members != _all[0]);

    /// <summary>Begins again where a snapshot ends.</summary>
    public void Reset(Membership members)
    {
        _all.Clear();
        _all.Add(members);
    }

    /// <summary>Forgets what was before the members at <paramref name="index"/>.</summary>
    public void Compact(long index)
    {
        var at = At(index);
        _all.RemoveAll(members => members.Index < at.Index);
    }
}
