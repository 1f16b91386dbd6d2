using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

/// <summary>A history in small words: who called what from when to when.</summary>
internal sealed class Past<TCall, TAnswer>
{
    private readonly List<Operation<TCall, TAnswer>> _operations = [];

    public IReadOnlyList<Operation<TCall, TAnswer>> Operations => _operations;

    public Past<TCall, TAnswer> Answered(long called, long at, TCall call, TAnswer answer)
    {
        _operations.Add(new(_operations.Count, call, called, new(answer, at)));
        return this;
    }

    public Past<TCall, TAnswer> Unseen(long called, TCall call)
    {
        _operations.Add(new(_operations.Count, call, called, null));
        return this;
    }
}
