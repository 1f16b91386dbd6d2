using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Writes the members of rows one after another. Numbers take as many octets as they need: seven bits each, the lowest first,
/// the sign in the lowest bit (protocol buffers call that zigzag). Texts are UTF-8 behind their length and one; 0 is none.
/// </summary>
internal sealed class RowWriter
{
    /// <summary>How many words are known by number. SKUs are words, and there may be millions.</summary>
    public const int MaxWords = 1 << 16;

    private const int Block = 1 << 15;

    private readonly Stream _to;
    private readonly ArrayBufferWriter<byte> _block;
    private readonly Dictionary<string, int>? _words;

    /// <summary>For many rows.</summary>
    public RowWriter(Stream to)
    {
        (_to, _block, _words) = (to, new(2 * Block), new(StringComparer.Ordinal));
    }

    /// <summary>For a row or two that stay in memory: words are written out each time.</summary>
    public RowWriter(int capacity) => (_to, _block) = (Stream.Null, new(capacity));

    /// <summary>What was written and not passed on.</summary>
    public ReadOnlyMemory<byte> Written => _block.WrittenMemory;

    public void Octet(byte value)
    {
        _block.GetSpan(1)[0] = value;
        _block.Advance(1);
    }

    public void Number(long value)
    {
        const int Longest = 10;
        var bits = (ulong)(value << 1) ^ (ulong)(value >> 63);
        var span = _block.GetSpan(Longest);
        var length = 0;
        for (; bits > 0x7f; bits >>= 7)
            span[length++] = (byte)(bits | 0x80);
        span[length++] = (byte)bits;
        _block.Advance(length);
    }

    /// <summary>A moment; in what offset from UTC it was told is not kept.</summary>
    public void Time(DateTimeOffset value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_block.GetSpan(sizeof(long)), value.UtcTicks);
        _block.Advance(sizeof(long));
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Number(0);
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        Number(length + 1);
        Encoding.UTF8.GetBytes(value, _block.GetSpan(length));
        _block.Advance(length);
    }

    /// <summary>A text that many rows share: from the second time on only its number is written, and the reader makes one string of all.</summary>
    public void Word(string value)
    {
        if (_words?.TryGetValue(value, out var number) == true)
        {
            Number(number + 1);
            return;
        }
        if (_words?.Count < MaxWords)
            _words.Add(value, _words.Count);
        Number(0);
        Text(value);
    }

    public void Json<T>(T value, JsonTypeInfo<T> type)
    {
        var octets = JsonSerializer.SerializeToUtf8Bytes(value, type);
        Number(octets.Length);
        _block.Write(octets);
    }

    /// <summary>Begins again, with what was <see cref="Written"/> forgotten.</summary>
    public void Clear() => _block.ResetWrittenCount();

    /// <summary>A row is complete: passes on what has gathered, when that is worth it.</summary>
    public void EndRow()
    {
        if (_block.WrittenCount >= Block)
            Flush();
    }

    public void Flush()
    {
        _to.Write(_block.WrittenSpan);
        _block.ResetWrittenCount();
    }
}
