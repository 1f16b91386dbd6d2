using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Rows as octets, one behind the other in blocks: a collector that moves what stays has a few blocks to look at in place of a
/// million objects. Each has a key and a number, which stays while the row is replaced.
///
/// A row that is replaced is written anew at the end; a block of which less than a quarter is still meant is given up. What was
/// written is never changed, so all rows can be held as they are at a moment by holding where they lie (<see cref="Pages{T}"/>).
/// </summary>
internal sealed class PackedRows : IKeyedRows
{
    /// <summary>Octets of a block: below what the runtime counts as a large object, of which a few would have the whole heap collected.</summary>
    private const int BlockLength = 64 << 10;

    private readonly Pages<Place> _places = new();
    private readonly List<Block> _blocks = [];
    private readonly Stack<int> _freeNumbers = [];
    private readonly Stack<int> _freeBlocks = [];

    /// <summary>The block that is being filled.</summary>
    private int _last = -1;

    public ReadOnlySpan<byte> KeyOf(int number) => _places[number] is var place ? _blocks[place.Block].KeyAt(place.At) : default;

    public ReadOnlySpan<byte> ContentOf(int number) => _places[number] is var place ? _blocks[place.Block].ContentAt(place.At) : default;

    /// <summary>Every row as it is now, whatever becomes of them.</summary>
    public Moment Hold() => new(_places.Hold(), [.. _blocks]);

    /// <returns>The row's number: the lowest that was never used, or one whose row was removed.</returns>
    public int Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        if (!_freeNumbers.TryPop(out var number))
        {
            number = _places.Count;
            _places.Add(Place.None);
        }
        Write(number, key, content);
        return number;
    }

    public void Replace(int number, ReadOnlySpan<byte> content)
    {
        var before = _places[number];
        _blocks[before.Block].Leave(before.At);
        Write(number, KeyOf(number), content);
        GiveUpIfSparse(before.Block);
    }

    public void Remove(int number)
    {
        var before = _places[number];
        _blocks[before.Block].Leave(before.At);
        _places[number] = Place.None;
        _freeNumbers.Push(number);
        GiveUpIfSparse(before.Block);
    }

    private void Write(int number, ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
    {
        var before = _last;
        if (before < 0 || !_blocks[before].HasRoom(key, content))
            Begin(Math.Max(BlockLength, Block.LengthOf(key, content)));
        _places[number] = new Place(_last, _blocks[_last].Add(number, key, content));
        if (before >= 0 && before != _last)
            GiveUpIfSparse(before);
    }

    private void Begin(int length)
    {
        if (!_freeBlocks.TryPop(out _last))
        {
            _last = _blocks.Count;
            _blocks.Add(Block.None);
        }
        _blocks[_last] = new Block(length);
    }

    private void GiveUpIfSparse(int number)
    {
        var block = _blocks[number];
        if (number == _last || !block.IsSparse)
            return;
        for (var at = 0; at < block.Filled; at += block.LengthAt(at))
        {
            if (block.NumberAt(at) is var row && _places[row] == new Place(number, at))
                Write(row, block.KeyAt(at), block.ContentAt(at));
        }
        _blocks[number] = Block.None;
        _freeBlocks.Push(number);
    }

    /// <summary>Where a row lies.</summary>
    internal readonly record struct Place(int Block, int At)
    {
        public static Place None { get; } = new(-1, 0);
    }

    /// <summary>The rows of a moment. Any thread may read them at any time.</summary>
    internal sealed class Moment(Pages<Place>.Moment places, Block[] blocks) : IKeyedRows
    {
        /// <summary>Those in use, upwards.</summary>
        public IEnumerable<int> Numbers => Enumerable.Range(0, places.Count).Where(number => places[number] != Place.None);

        /// <summary>One more than the highest number.</summary>
        public int End => places.Count;

        public ReadOnlySpan<byte> KeyOf(int number) => places[number] is var place ? blocks[place.Block].KeyAt(place.At) : default;

        public ReadOnlySpan<byte> ContentOf(int number) => places[number] is var place ? blocks[place.Block].ContentAt(place.At) : default;

        /// <summary>In the order of their keys, octet by octet.</summary>
        public int[] InOrder()
        {
            var numbers = Numbers.ToArray();
            Array.Sort(numbers, (one, other) => KeyOf(one).SequenceCompareTo(KeyOf(other)));
            return numbers;
        }
    }

    /// <summary>Rows, each behind its number, the length of its key and that of its content.</summary>
    internal sealed class Block(int length)
    {
        private const int HeadLength = 3 * sizeof(int);

        private readonly byte[] _octets = new byte[length];
        private int _meant;

        public static Block None { get; } = new(0);

        public int Filled { get; private set; }

        public bool IsSparse => _meant < _octets.Length / 4;

        public static int LengthOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content) => HeadLength + key.Length + content.Length;

        public bool HasRoom(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content) => LengthOf(key, content) <= _octets.Length - Filled;

        public int Add(int number, ReadOnlySpan<byte> key, ReadOnlySpan<byte> content)
        {
            var at = Filled;
            var head = MemoryMarshal.Cast<byte, int>(_octets.AsSpan(at, HeadLength));
            (head[0], head[1], head[2]) = (number, key.Length, content.Length);
            key.CopyTo(_octets.AsSpan(at + HeadLength));
            content.CopyTo(_octets.AsSpan(at + HeadLength + key.Length));
            Filled += LengthAt(at);
            _meant += LengthAt(at);
            return at;
        }

        public void Leave(int at) => _meant -= LengthAt(at);

        public int NumberAt(int at) => HeadAt(at)[0];

        public int LengthAt(int at) => HeadAt(at) is var head ? HeadLength + head[1] + head[2] : 0;

        public ReadOnlySpan<byte> KeyAt(int at) => _octets.AsSpan(at + HeadLength, HeadAt(at)[1]);

        public ReadOnlySpan<byte> ContentAt(int at) => HeadAt(at) is var head ? _octets.AsSpan(at + HeadLength + head[1], head[2]) : default;

        private ReadOnlySpan<int> HeadAt(int at) => MemoryMarshal.Cast<byte, int>(_octets.AsSpan(at, HeadLength));
    }
}
