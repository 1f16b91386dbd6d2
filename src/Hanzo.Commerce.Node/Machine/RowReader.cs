using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>Reads what a <see cref="RowWriter"/> wrote. Everything throws <see cref="InvalidDataException"/> where that is not what is there.</summary>
internal sealed class RowReader
{
    private readonly Stream _from;
    private readonly List<string>? _words;
    private byte[] _block;
    private int _at;
    private int _filled;

    public RowReader(Stream from) => (_from, _block, _words) = (from, new byte[1 << 18], []);

    /// <summary>For a row or two that are in memory, in which words are written out each time.</summary>
    public RowReader(ReadOnlySpan<byte> rows) => (_from, _block, _filled) = (Stream.Null, rows.ToArray(), rows.Length);

    /// <summary>Whether nothing follows.</summary>
    public bool IsAtEnd => !Has(1);

    /// <summary>Passes by <paramref name="octets"/> where they are next.</summary>
    public bool Begins(ReadOnlySpan<byte> octets)
    {
        if (!Has(octets.Length) || !_block.AsSpan(_at, octets.Length).SequenceEqual(octets))
            return false;
        _at += octets.Length;
        return true;
    }

    public byte Octet() => Take(1)[0];

    public long Number()
    {
        var bits = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var octet = Octet();
            bits |= (ulong)(octet & 0x7f) << shift;
            if (octet < 0x80)
                return (long)(bits >> 1) ^ -(long)(bits & 1);
        }
        throw new InvalidDataException("A number is too long.");
    }

    /// <summary>How many of something follow.</summary>
    public int Length() => Number() is >= 0 and <= int.MaxValue and var length ? (int)length : throw new InvalidDataException("A length is out of range.");

    public DateTimeOffset Time() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))) is var ticks && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : throw new InvalidDataException("A time is out of range.");

    public string Text() => OptionalText() ?? throw new InvalidDataException("A text is missing.");

    public string? OptionalText() => Length() is > 0 and var length ? Encoding.UTF8.GetString(Take(length - 1)) : null;

    public string Word()
    {
        var number = Length();
        if (number > 0)
            return number <= _words?.Count ? _words[number - 1] : throw new InvalidDataException("A word was not told before.");
        var word = Text();
        if (_words?.Count < RowWriter.MaxWords)
            _words.Add(word);
        return word;
    }

    public TEnum Name<TEnum>()
        where TEnum : struct, Enum
        => Enum.TryParse<TEnum>(Word(), out var value) ? value : throw new InvalidDataException($"A {typeof(TEnum).Name} is not known.");

    public T Json<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Take(Length()), type) ?? throw new InvalidDataException("A row is empty.");

    /// <summary>The octets up to the end of the line; it is passed by. None where there is no whole line.</summary>
    public ReadOnlySpan<byte> Line()
    {
        var searched = 0;
        while (Has(searched + 1))
        {
            if (_block.AsSpan(_at + searched, _filled - _at - searched).IndexOf((byte)'\n') is >= 0 and var length)
                return Take(searched + length + 1)[..^1];
            searched = _filled - _at;
        }
        return default;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (!Has(length))
            throw new InvalidDataException("It is cut off.");
        var taken = _block.AsSpan(_at, length);
        _at += length;
        return taken;
    }

    private bool Has(int length)
    {
        if (_filled - _at >= length)
            return true;
        _block.AsSpan(_at, _filled - _at).CopyTo(_block);
        (_at, _filled) = (0, _filled - _at);
        while (_filled < length && _from.Read(_block, _filled, _block.Length - _filled) is > 0 and var read)
        {
            _filled += read;
            // Only as it fills: a length that is damaged must not ask for memory that no snapshot needs.
            if (_filled == _block.Length && _filled < length)
                Array.Resize(ref _block, 2 * _block.Length);
        }
        return _filled >= length;
    }
}
