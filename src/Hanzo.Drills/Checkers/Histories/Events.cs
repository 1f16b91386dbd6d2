namespace Hanzo.Drills.Checkers.Histories;

/// <summary>
/// The calls and answers of a history in the order of time, as a list from which operations can be lifted out and put back
/// in constant time. A call at the same instant as an answer stands before it: they overlapped, as far as the clock tells.
/// </summary>
internal sealed class Events
{
    /// <summary>After the last event; its successor is the first one.</summary>
    public const int End = 0;

    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _operation;
    private readonly int[] _callOf;
    private readonly int[] _answerOf;

    private Events(int events, int operations)
    {
        (_next, _previous, _operation) = (new int[events + 1], new int[events + 1], new int[events + 1]);
        (_callOf, _answerOf) = (new int[operations], new int[operations]);
    }

    public int First => _next[End];

    public static Events Of<TCall, TAnswer>(IReadOnlyList<Operation<TCall, TAnswer>> operations)
    {
        var sorted = operations
            .SelectMany((operation, index) => operation.Answer is { } answer
                ? [(At: operation.Called, IsAnswer: false, Index: index), (At: answer.At, IsAnswer: true, Index: index)]
                : new[] { (At: operation.Called, IsAnswer: false, Index: index) })
            .OrderBy(entry => entry.At).ThenBy(entry => entry.IsAnswer)
            .ToList();
        var events = new Events(sorted.Count, operations.Count);
        for (var i = 0; i <= sorted.Count; i++)
        {
            events._next[i] = i == sorted.Count ? End : i + 1;
            events._previous[i] = i == 0 ? sorted.Count : i - 1;
        }
        for (var i = 0; i < sorted.Count; i++)
        {
            var (_, isAnswer, index) = sorted[i];
            events._operation[i + 1] = index;
            (isAnswer ? events._answerOf : events._callOf)[index] = i + 1;
        }
        return events;
    }

    public int After(int place) => _next[place];

    public int OperationAt(int place) => _operation[place];

    public int CallOf(int operation) => _callOf[operation];

    public bool IsCall(int place) => place != End && _callOf[_operation[place]] == place;

    public void Lift(int operation)
    {
        Unlink(_callOf[operation]);
        if (_answerOf[operation] != End)
            Unlink(_answerOf[operation]);
    }

    /// <summary>Undoes the latest lift that was not undone yet.</summary>
    public void PutBack(int operation)
    {
        if (_answerOf[operation] != End)
            Link(_answerOf[operation]);
        Link(_callOf[operation]);
    }

    private void Unlink(int place)
    {
        _next[_previous[place]] = _next[place];
        _previous[_next[place]] = _previous[place];
    }

    private void Link(int place)
    {
        _next[_previous[place]] = place;
        _previous[_next[place]] = place;
    }
}
