using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>
/// Documents as bytes: version, the origins once each, the context, then path by path. Numbers are LEB128, signed ones
/// zigzag. The same document always gives the same bytes, since everything stands in a fixed order.
/// </summary>
internal static class DocumentCodec
{
    /// <summary>What is larger is refused, whoever sends it.</summary>
    public const int MaxSize = 256 * 1024;

    private const byte Version = 1;

    public static byte[] Encode(Document document)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        var origins = document.Context.UpTo.Keys
            .Concat(document.Context.Beyond.Select(dot => dot.Origin))
            .Distinct().Order().ToArray();
        int IndexOf(Origin origin) => Array.BinarySearch(origins, origin);

        PutByte(writer, Version);
        Put(writer, (ulong)origins.Length);
        foreach (var origin in origins)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(8), origin.Value);
            writer.Advance(8);
            Put(writer, (ulong)document.Context.UpTo.GetValueOrDefault(origin));
        }
        Put(writer, (ulong)document.Context.Beyond.Count);
        foreach (var dot in document.Context.Beyond)
        {
            Put(writer, (ulong)IndexOf(dot.Origin));
            Put(writer, (ulong)dot.Number);
        }
        Put(writer, (ulong)document.Cells.Count);
        foreach (var (path, cells) in document.Cells)
        {
            PutText(writer, path);
            Put(writer, (ulong)cells.Length);
            foreach (var cell in cells)
            {
                Put(writer, (ulong)IndexOf(cell.Dot.Origin));
                Put(writer, (ulong)cell.Dot.Number);
                Put(writer, cell.Stamp);
                Put(writer, (ulong)((cell.Number << 1) ^ (cell.Number >> 63)));
                PutByte(writer, cell.Text is null ? (byte)0 : (byte)1);
                if (cell.Text is not null)
                    PutText(writer, cell.Text);
            }
        }
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The document, or null when the bytes are none that <see cref="Encode"/> gives.</summary>
    public static Document? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxSize || bytes.IsEmpty || bytes[0] != Version)
            return null;
        var reader = new Reader(bytes[1..]);
        var document = Read(ref reader);
        return reader.IsWell && reader.IsAtEnd ? document : null;
    }

    private static Document Read(ref Reader reader)
    {
        var origins = new Origin[reader.Count(9)];
        var upTo = ImmutableSortedDictionary.CreateBuilder<Origin, long>();
        for (var i = 0; i < origins.Length; i++)
        {
            origins[i] = new Origin(reader.Fixed());
            if (reader.Positive(allowZero: true) is var number and > 0)
                upTo[origins[i]] = number;
        }
        var beyond = ImmutableSortedSet.CreateBuilder<Dot>();
        for (var left = reader.Count(2); left > 0; left--)
            beyond.Add(reader.Dot(origins));
        var context = new CausalContext(upTo.ToImmutable(), beyond.ToImmutable());

        var paths = Document.Empty.Cells.ToBuilder();
        for (var left = reader.Count(2); left > 0; left--)
        {
            var path = reader.Text();
            var cells = ImmutableArray.CreateBuilder<Cell>();
            for (var of = reader.Count(5); of > 0; of--)
            {
                var dot = reader.Dot(origins);
                var stamp = reader.Number();
                var zigzag = reader.Number();
                var text = reader.Byte() switch { 0 => null, 1 => reader.Text(), _ => reader.Fail("") };
                cells.Add(new Cell(dot, stamp, (long)(zigzag >> 1) ^ -(long)(zigzag & 1), text));
                // A value whose write is not in the context would come back after it was removed.
                if (!context.Has(dot))
                    reader.Fail("");
            }
            if (cells.Count == 0 || !paths.TryAdd(path, cells.ToImmutable()))
                reader.Fail("");
        }
        return new Document(paths.ToImmutable(), context);
    }

    private static void PutByte(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void Put(ArrayBufferWriter<byte> writer, ulong value)
    {
        var span = writer.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        writer.Advance(length);
    }

    private static void PutText(ArrayBufferWriter<byte> writer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Put(writer, (ulong)length);
        Encoding.UTF8.GetBytes(text, writer.GetSpan(length));
        writer.Advance(length);
    }

    /// <summary>Reads on in bytes; after the first that cannot be, everything reads as nothing and <see cref="IsWell"/> is false.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _left = bytes;

        public bool IsWell { get; private set; } = true;

        public readonly bool IsAtEnd => _left.IsEmpty;

        public T Fail<T>(T nothing)
        {
            IsWell = false;
            _left = default;
            return nothing;
        }

        public byte Byte()
        {
            if (_left.IsEmpty)
                return Fail<byte>(0);
            var value = _left[0];
            _left = _left[1..];
            return value;
        }

        public ulong Fixed()
        {
            if (_left.Length < 8)
                return Fail(0UL);
            var value = BinaryPrimitives.ReadUInt64LittleEndian(_left);
            _left = _left[8..];
            return value;
        }

        public ulong Number()
        {
            var value = 0UL;
            for (var shift = 0; shift < 64; shift += 7)
            {
                var part = Byte();
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80)
                    return value;
            }
            return Fail(0UL);
        }

        public long Positive(bool allowZero) =>
            Number() is var value && value <= long.MaxValue && (value > 0 || allowZero) ? (long)value : Fail(1L);

        /// <summary>How many things follow, each of at least <paramref name="size"/> bytes: a count that cannot be allocates nothing.</summary>
        public int Count(int size) => Number() is var count && count <= (ulong)(_left.Length / size) ? (int)count : Fail(0);

        public Dot Dot(Origin[] origins)
        {
            var index = Number();
            var number = Positive(allowZero: false);
            return index < (ulong)origins.Length ? new Dot(origins[index], number) : Fail(new Dot(default, 1));
        }

        public string Text()
        {
            var length = Count(1);
            var utf8 = _left[..length];
            if (!Utf8.IsValid(utf8))
                return Fail("");
            _left = _left[length..];
            return Encoding.UTF8.GetString(utf8);
        }
    }
}
