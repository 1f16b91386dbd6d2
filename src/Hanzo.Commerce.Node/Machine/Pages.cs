using System.Collections;
using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// A list that is changed in place and of which the state of a moment can be held without copying it: who holds it shares
/// its pages, and the list copies a page before it changes it for the first time since. So holding a million rows takes
/// microseconds, in which nothing is applied, and what it costs is spread over the changes that follow.
///
/// One thread at a time may use the list; what is held may be read by any, at any time.
/// </summary>
internal sealed class Pages<T>
{
    /// <summary>Rows of a page: copying one takes about a microsecond.</summary>
    public const int PageLength = 512;

    private readonly List<Page> _pages = [];
    private int _epoch;

    public int Count { get; private set; }

    public T this[int index]
    {
        get => _pages[index / PageLength].Rows[index % PageLength];
        set => Own(index / PageLength)[index % PageLength] = value;
    }

    public void Add(T row)
    {
        if (Count == _pages.Count * PageLength)
            _pages.Add(new Page(new T[PageLength], _epoch));
        this[Count++] = row;
    }

    public T RemoveLast()
    {
        var last = this[--Count];
        this[Count] = default!;
        return last;
    }

    /// <summary>Removes the first <see cref="PageLength"/> rows; those behind them move up.</summary>
    public void RemoveFirstPage()
    {
        _pages.RemoveAt(0);
        Count -= PageLength;
    }

    /// <summary>The rows as they are now, whatever becomes of the list.</summary>
    public Moment Hold()
    {
        _epoch++;
        return new Moment([.. _pages.Select(page => page.Rows)], Count);
    }

    private T[] Own(int number)
    {
        ref var page = ref CollectionsMarshal.AsSpan(_pages)[number];
        if (page.Epoch != _epoch)
            page = new Page([.. page.Rows], _epoch);
        return page.Rows;
    }

    /// <param name="Epoch">How often the list had been held when it made this page: only it knows a page of the present one.</param>
    private readonly record struct Page(T[] Rows, int Epoch);

    /// <summary>The rows of a moment.</summary>
    public sealed class Moment(T[][] pages, int count) : IReadOnlyList<T>
    {
        public int Count => count;

        public T this[int index] => pages[index / PageLength][index % PageLength];

        public IEnumerator<T> GetEnumerator()
        {
            for (var i = 0; i < count; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
