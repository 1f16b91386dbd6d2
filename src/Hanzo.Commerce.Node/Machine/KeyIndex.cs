using System.Text;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Which row has a key: a hash table of numbers, which look at the key in the row itself. So there is nothing in it for a
/// collector. Collisions go into the next free place. The hash changes with each process; nothing may depend on its order.
/// </summary>
internal sealed class KeyIndex(IKeyedRows rows)
{
    private const int Least = 16;

    private Slot[] _slots = new Slot[Least];
    private byte[] _octets = new byte[256];

    public int Count { get; private set; }

    /// <summary>The number of the row with this key, or null.</summary>
    public int? Find(string key) => Find(Octets(key));

    public int? Find(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        for (var at = hash & (_slots.Length - 1); _slots[at] is { IsFree: false } slot; at = (at + 1) & (_slots.Length - 1))
        {
            if (slot.Hash == hash && rows.KeyOf(slot.Number).SequenceEqual(key))
                return slot.Number;
        }
        return null;
    }

    /// <summary>Adds a row whose key is not there yet.</summary>
    public void Add(int number)
    {
        if (++Count > _slots.Length / 4 * 3)
            Grow();
        Put(_slots, new Slot(HashOf(rows.KeyOf(number)), number + 1));
    }

    /// <summary>Removes a row that is there, and still has its key.</summary>
    public void Remove(int number)
    {
        var mask = _slots.Length - 1;
        var free = HashOf(rows.KeyOf(number)) & mask;
        while (_slots[free].Number != number)
            free = (free + 1) & mask;
        // Those behind it that were pushed on move up, so that a search may end at the first free place.
        for (var at = (free + 1) & mask; !_slots[at].IsFree; at = (at + 1) & mask)
        {
            if (((at - _slots[at].Hash) & mask) < ((at - free) & mask))
                continue;
            _slots[free] = _slots[at];
            free = at;
        }
        _slots[free] = default;
        Count--;
    }

    /// <summary>A key in UTF-8, until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Octets(string key)
    {
        if (Encoding.UTF8.GetMaxByteCount(key.Length) is var most && most > _octets.Length)
            _octets = new byte[most];
        return _octets.AsSpan(0, Encoding.UTF8.GetBytes(key, _octets));
    }

    private static int HashOf(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    private static void Put(Slot[] slots, Slot slot)
    {
        var at = slot.Hash & (slots.Length - 1);
        while (!slots[at].IsFree)
            at = (at + 1) & (slots.Length - 1);
        slots[at] = slot;
    }

    private void Grow()
    {
        var slots = new Slot[2 * _slots.Length];
        foreach (var slot in _slots)
        {
            if (!slot.IsFree)
                Put(slots, slot);
        }
        _slots = slots;
    }

    /// <param name="Next">The row's number and one; 0 where there is none.</param>
    private readonly record struct Slot(int Hash, int Next)
    {
        public bool IsFree => Next == 0;

        public int Number => Next - 1;
    }
}
