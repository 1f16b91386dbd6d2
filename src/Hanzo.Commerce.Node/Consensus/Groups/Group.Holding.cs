using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Groups;

/// <summary>
/// What lets shards stand still together for a moment, so that states which are saved then belong together: a leader that
/// holds lets commands wait, and every replica can save its state as of the entry at which that leader stopped.
/// </summary>
internal sealed partial class Group
{
    private readonly List<Proposal> _held = [];
    private Standing? _standing;
    private SavePoint? _savePoint;

    /// <summary>Takes no commands into the log until <see cref="Release"/>, or as long as <paramref name="atMost"/>.</summary>
    /// <returns>The last entry; null where this node does not lead, or holds for somebody else.</returns>
    public Task<LogPosition?> Hold(string token, TimeSpan atMost) => Ask<LogPosition?>(() =>
    {
        if (!_core.TakesCommands || IsStanding)
            return null;
        _standing = new Standing(token, _core.Term, Now() + (long)atMost.TotalMilliseconds);
        return new LogPosition(_log.LastIndex, _core.Term);
    });

    /// <summary>Takes commands again.</summary>
    /// <returns>Whether it held all the time, as the only leader that there was.</returns>
    public async Task<bool> Release(string token)
    {
        var term = await Ask(() => EndOf(token));
        // Another may have been elected unseen. Who still finds a majority behind him in the same term knows that none was.
        return term is not null && await Confirm() && await Ask(() => _core.Term) == term;
    }

    /// <summary>Saves the state as of one entry, once that is applied. When this completes, the entry cannot be passed by unsaved any more.</summary>
    public Task<SavePoint> SaveAt(LogPosition at) => Ask(() =>
    {
        _savePoint?.TrySetResult(null);
        var point = _savePoint = new SavePoint(at);
        if (_applied >= at.Index)
            Save(point);
        return point;
    });

    private bool IsStanding => _standing is { } standing && Now() < standing.Until;

    private long? EndOf(string token)
    {
        if (_standing is not { } standing || standing.Token != token)
            return null;
        var held = IsStanding && _core.Role == Role.Leader && _core.Term == standing.Term;
        _standing = null;
        return held ? standing.Term : null;
    }

    /// <summary>The commands that are to be taken now.</summary>
    private List<Proposal> Due(List<Proposal> arrived)
    {
        if (_standing is null && _held.Count == 0)
            return arrived;
        _held.AddRange(arrived);
        if (IsStanding && _core.Role == Role.Leader)
            return [];
        List<Proposal> due = [.. _held];
        _held.Clear();
        return due;
    }

    /// <summary>An entry was applied, or another member's state taken.</summary>
    private void SaveIfAsked()
    {
        if (_savePoint is { } point && _applied >= point.At.Index)
            Save(point);
    }

    private void Save(SavePoint point)
    {
        _savePoint = null;
        var isThere = _applied == point.At.Index && _log.TermAt(_applied) == point.At.Term;
        point.TrySetResult(isThere ? new SavedState(point.At, _log.MembersAt(_applied), _machine.Save()) : null);
    }

    private readonly record struct Standing(string Token, long Term, long Until);
}

/// <summary>An entry of a log.</summary>
internal readonly record struct LogPosition(long Index, long Term);

/// <summary>A state that is wanted as of one entry; null when that entry was passed by, or became another one.</summary>
internal sealed class SavePoint(LogPosition at) : TaskCompletionSource<SavedState?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public LogPosition At => at;
}

/// <param name="Write">Writes the state; later commands are applied meanwhile.</param>
internal sealed record SavedState(LogPosition At, Membership Members, Action<Stream> Write);
