using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Hanzo.Edge.Location.Mmdb;

/// <summary>
/// The values of one section of a MaxMind DB file (MaxMind DB File Format 2.0, "Data Section"). A value is first
/// <see cref="Check">checked</see> whole, with a bound on depth and on work: a reader that decodes as it goes can be led
/// into a cycle, and a stack overflow cannot be caught. What was checked is then read without further doubt.
/// </summary>
internal readonly ref struct MmdbData(ReadOnlySpan<byte> section)
{
    /// <summary>Values inside values that are still followed; published databases have 4 to 6.</summary>
    private const int DepthLimit = 64;

    private readonly ReadOnlySpan<byte> section = section;

    /// <summary>Says what is wrong with the value at <paramref name="offset"/> or anything inside it; null where nothing is.</summary>
    /// <param name="offset">Where the value starts.</param>
    /// <param name="budget">How many values may still be visited: pointers can make a few bytes mean billions of values.</param>
    public string? Check(int offset, ref long budget) => Check(offset, DepthLimit, ref budget, out _);

    /// <summary>The value of <paramref name="key"/> in a map that was checked, or a missing one.</summary>
    public MmdbValue Find(MmdbValue map, ReadOnlySpan<byte> key)
    {
        if (map.Type != MmdbType.Map)
        {
            return default;
        }

        var offset = map.Payload;
        for (var i = 0; i < map.Size; i++)
        {
            var name = Read(offset, out offset);
            if (section.Slice(name.Payload, name.Size).SequenceEqual(key))
            {
                return Read(offset, out _);
            }

            offset = Skip(offset);
        }

        return default;
    }

    /// <summary>The value at <paramref name="offset"/>, which was checked.</summary>
    public MmdbValue Read(int offset) => Read(offset, out _);

    /// <summary>The text of a value, or null where it is not a string.</summary>
    public string? Text(MmdbValue value)
        => value.Type == MmdbType.Text ? Encoding.UTF8.GetString(section.Slice(value.Payload, value.Size)) : null;

    /// <summary>The number a value is, or null where it is not one. Coordinates are doubles at MaxMind and floats at DB-IP.</summary>
    public double? Number(MmdbValue value) => value.Type switch
    {
        MmdbType.Double => BinaryPrimitives.ReadDoubleBigEndian(section[value.Payload..]),
        MmdbType.Float => BinaryPrimitives.ReadSingleBigEndian(section[value.Payload..]),
        _ => Integer(value),
    };

    /// <summary>The unsigned integer a value is, or null where it is not one of at most 64 bits.</summary>
    public ulong? Integer(MmdbValue value)
    {
        if (value.Type is not (MmdbType.UInt16 or MmdbType.UInt32 or MmdbType.UInt64))
        {
            return null;
        }

        ulong number = 0;
        foreach (var octet in section.Slice(value.Payload, value.Size))
        {
            number = number << 8 | octet;
        }

        return number;
    }

    /// <summary>The value and where the next one starts. A pointer is followed; the next value is the one after the pointer.</summary>
    private MmdbValue Read(int offset, out int next)
    {
        TryReadControl(offset, out var value);
        next = value.Next;
        if (value.Type == MmdbType.Pointer)
        {
            TryReadControl(value.Size, out value);
        }

        return value;
    }

    /// <summary>Where the value after the one at <paramref name="offset"/> starts. Pointers are stepped over, so this ends.</summary>
    private int Skip(int offset)
    {
        for (long left = 1; left > 0; left--)
        {
            TryReadControl(offset, out var value);
            left += value.Type switch { MmdbType.Map => 2L * value.Size, MmdbType.Array => value.Size, _ => 0 };
            offset = value.Next;
        }

        return offset;
    }

    private string? Check(int offset, int depth, ref long budget, out int next)
    {
        next = offset;
        if (depth == 0)
        {
            return $"values nested more than {DepthLimit} deep (or in a cycle) at data offset {offset}";
        }

        if (--budget < 0)
        {
            return "pointers that stand for more values than the file could hold";
        }

        if (!TryReadControl(offset, out var value))
        {
            return $"an unreadable value at data offset {offset}";
        }

        next = value.Next;
        switch (value.Type)
        {
            case MmdbType.Pointer:
                return TryReadControl(value.Size, out var target) && target.Type != MmdbType.Pointer
                    ? Check(value.Size, depth - 1, ref budget, out _)
                    : $"a pointer to nowhere at data offset {offset}";
            case MmdbType.Text:
                return Utf8.IsValid(section.Slice(value.Payload, value.Size)) ? null : $"text that is not UTF-8 at data offset {offset}";
            case MmdbType.Map:
                return CheckMap(value, depth, ref budget, out next);
            case MmdbType.Array:
                return CheckArray(value, depth, ref budget, out next);
            default:
                return null;
        }
    }

    private string? CheckMap(MmdbValue map, int depth, ref long budget, out int next)
    {
        next = map.Payload;
        for (var i = 0; i < map.Size; i++)
        {
            var key = next;
            if (Check(key, depth - 1, ref budget, out next) is { } badKey)
            {
                return badKey;
            }

            if (Read(key, out _).Type != MmdbType.Text)
            {
                return $"a map key that is not text at data offset {key}";
            }

            if (Check(next, depth - 1, ref budget, out next) is { } badValue)
            {
                return badValue;
            }
        }

        return null;
    }

    private string? CheckArray(MmdbValue array, int depth, ref long budget, out int next)
    {
        next = array.Payload;
        for (var i = 0; i < array.Size; i++)
        {
            if (Check(next, depth - 1, ref budget, out next) is { } bad)
            {
                return bad;
            }
        }

        return null;
    }

    /// <summary>Reads a control byte and what belongs to it. False where it, or the payload it announces, leaves the section or has a size its type cannot have.</summary>
    private bool TryReadControl(int offset, out MmdbValue value)
    {
        value = default;
        if ((uint)offset >= (uint)section.Length)
        {
            return false;
        }

        int control = section[offset++];
        var type = (MmdbType)(control >> 5);
        if (type == MmdbType.Pointer)
        {
            return TryReadPointer(control, offset, out value);
        }

        if (type == MmdbType.Extended)
        {
            if (offset >= section.Length)
            {
                return false;
            }

            type = (MmdbType)(7 + section[offset++]);
        }

        var size = control & 0x1F;
        if (size >= 29)
        {
            var more = size - 28;
            if (offset + more > section.Length)
            {
                return false;
            }

            size = more switch
            {
                1 => 29 + section[offset],
                2 => 285 + BinaryPrimitives.ReadUInt16BigEndian(section[offset..]),
                _ => 65821 + (section[offset] << 16 | section[offset + 1] << 8 | section[offset + 2]),
            };
            offset += more;
        }

        // What a value takes at least: an entry of a map is a key and a value of one byte each.
        var room = type switch
        {
            MmdbType.Map => 2L * size,
            MmdbType.Boolean => 0,
            _ => size,
        };
        var next = type is MmdbType.Map or MmdbType.Array or MmdbType.Boolean ? offset : offset + size;
        value = new(type, size, offset, next);
        return offset + room <= section.Length && SizeFits(type, size);
    }

    private bool TryReadPointer(int control, int offset, out MmdbValue value)
    {
        value = default;
        var bytes = (control >> 3 & 3) + 1;
        if (offset + bytes > section.Length)
        {
            return false;
        }

        long target = bytes == 4 ? 0 : control & 7;
        foreach (var octet in section.Slice(offset, bytes))
        {
            target = target << 8 | octet;
        }

        target += bytes switch { 2 => 2048, 3 => 526336, _ => 0 };
        value = new(MmdbType.Pointer, (int)Math.Min(target, int.MaxValue), offset, offset + bytes);
        return target < section.Length;
    }

    private static bool SizeFits(MmdbType type, int size) => type switch
    {
        MmdbType.Text or MmdbType.Bytes or MmdbType.Map or MmdbType.Array => true,
        MmdbType.Double => size == 8,
        MmdbType.Float => size == 4,
        MmdbType.UInt16 => size <= 2,
        MmdbType.UInt32 or MmdbType.Int32 => size <= 4,
        MmdbType.UInt64 => size <= 8,
        MmdbType.UInt128 => size <= 16,
        MmdbType.Boolean => size <= 1,
        _ => false,
    };
}

/// <summary>One value: its type and where it is.</summary>
/// <param name="Type">Its type; <see cref="MmdbType.Extended"/> where there is none.</param>
/// <param name="Size">Bytes of a scalar, entries of a map or array, the target of a pointer, 0 or 1 for a boolean.</param>
/// <param name="Payload">Where its content starts.</param>
/// <param name="Next">Where the following value starts; for a map or array, where its first entry does.</param>
internal readonly record struct MmdbValue(MmdbType Type, int Size, int Payload, int Next);

/// <summary>Type numbers of the format.</summary>
internal enum MmdbType : byte
{
    Extended = 0,
    Pointer = 1,
    Text = 2,
    Double = 3,
    Bytes = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    Boolean = 14,
    Float = 15,
}
