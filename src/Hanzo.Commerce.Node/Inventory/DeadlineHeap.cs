using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>
/// Deadlines, the earliest first. A heap with four children a node, which most deadlines join at its end since they are made
/// in the order of their times. It lies in pages, so that all of it can be held as it is at a moment.
/// </summary>
internal sealed class DeadlineHeap
{
    private const int Children = 4;

    private readonly Pages<Deadline> _heap = new();

    public Deadline? First => _heap.Count == 0 ? null : _heap[0];

    /// <summary>Every deadline as it is now, in no order, whatever becomes of the heap.</summary>
    public IEnumerable<Deadline> Hold() => _heap.Hold();

    public void Add(Deadline deadline)
    {
        _heap.Add(deadline);
        var place = _heap.Count - 1;
        while (place > 0 && (place - 1) / Children is var parent && deadline.CompareTo(_heap[parent]) < 0)
        {
            _heap[place] = _heap[parent];
            place = parent;
        }
        _heap[place] = deadline;
    }

    public void RemoveFirst()
    {
        var last = _heap.RemoveLast();
        if (_heap.Count == 0)
            return;
        var place = 0;
        while (EarliestChild(place) is { } child && _heap[child].CompareTo(last) < 0)
        {
            _heap[place] = _heap[child];
            place = child;
        }
        _heap[place] = last;
    }

    private int? EarliestChild(int parent)
    {
        var first = parent * Children + 1;
        if (first >= _heap.Count)
            return null;
        var earliest = first;
        for (var child = first + 1; child < Math.Min(first + Children, _heap.Count); child++)
        {
            if (_heap[child].CompareTo(_heap[earliest]) < 0)
                earliest = child;
        }
        return earliest;
    }
}
