namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Rows in the order of their keys, octet by octet: runs of numbers, of which one that is full becomes two. Most keys are made
/// in the order of time and join the last run.
/// </summary>
internal sealed class KeyOrder(IKeyedRows rows)
{
    /// <summary>Numbers of a run: as many as are moved at most where one comes in between.</summary>
    private const int Longest = 512;

    private readonly List<List<int>> _runs = [];

    /// <summary>Adds a row whose key is not there yet.</summary>
    public void Add(int number)
    {
        var (run, at) = PlaceOf(rows.KeyOf(number));
        if (_runs.Count == 0)
            _runs.Add([]);
        var numbers = _runs[run];
        if (numbers.Count == Longest)
        {
            // At the end one full run follows another.
            var kept = run == _runs.Count - 1 && at == Longest ? Longest : Longest / 2;
            _runs.Insert(run + 1, numbers[kept..]);
            numbers.RemoveRange(kept, Longest - kept);
            if (at >= kept)
                (numbers, at) = (_runs[run + 1], at - kept);
        }
        numbers.Insert(at, number);
    }

    /// <summary>Removes a row that is there, and still has its key.</summary>
    public void Remove(int number)
    {
        var (run, at) = PlaceOf(rows.KeyOf(number));
        _runs[run].RemoveAt(at);
        if (_runs[run].Count == 0)
            _runs.RemoveAt(run);
    }

    /// <summary>Rows whose key is not before this one, in order.</summary>
    public IEnumerable<int> From(ReadOnlySpan<byte> key)
    {
        var (run, at) = PlaceOf(key);
        return From(run, at);
    }

    private IEnumerable<int> From(int run, int at)
    {
        for (; run < _runs.Count; run++, at = 0)
        {
            for (; at < _runs[run].Count; at++)
                yield return _runs[run][at];
        }
    }

    /// <summary>Where the first row is whose key is not before this one, or where it would be.</summary>
    private (int Run, int At) PlaceOf(ReadOnlySpan<byte> key)
    {
        var run = _runs.Count - 1;
        if (run > 0 && IsBefore(key, _runs[run][0]))
        {
            // The last run of which the first is not behind it.
            var (low, high) = (0, run);
            while (high - low > 1)
            {
                var middle = (low + high) / 2;
                (low, high) = IsBefore(key, _runs[middle][0]) ? (low, middle) : (middle, high);
            }
            run = low;
        }
        if (run < 0)
            return (0, 0);
        var numbers = _runs[run];
        var (from, to) = NearTheEnd(numbers, key);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (rows.KeyOf(numbers[middle]).SequenceCompareTo(key) < 0)
                from = middle + 1;
            else
                to = middle;
        }
        return (run, from);
    }

    /// <summary>
    /// Between which places of a run it is: looked for from the end on, in steps that double. Keys made in the order of time come
    /// a few places before it, where the rows are that were written last; those of a whole run lie all over the memory.
    /// </summary>
    private (int From, int To) NearTheEnd(List<int> numbers, ReadOnlySpan<byte> key)
    {
        var to = numbers.Count;
        for (var step = 1; to > 0; step *= 2)
        {
            var at = Math.Max(0, numbers.Count - step);
            if (rows.KeyOf(numbers[at]).SequenceCompareTo(key) < 0)
                return (at + 1, to);
            to = at;
        }
        return (0, 0);
    }

    private bool IsBefore(ReadOnlySpan<byte> key, int number) => key.SequenceCompareTo(rows.KeyOf(number)) < 0;
}
