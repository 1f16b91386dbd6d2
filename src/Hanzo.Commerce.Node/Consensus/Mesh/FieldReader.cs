using System.Buffers.Binary;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Takes one field after the other. Beyond the end it gives nothing, and says so once, at the end.</summary>
internal struct FieldReader(ReadOnlyMemory<byte> from)
{
    private ReadOnlyMemory<byte> _left = from;
    private bool _isShort;

    public readonly bool HasMore => !_isShort && !_left.IsEmpty;

    /// <summary>Whether every field was there, and nothing behind them.</summary>
    public readonly bool IsWhole => !_isShort && _left.IsEmpty;

    public long Number() => Take(sizeof(long)) is { IsEmpty: false } octets ? BinaryPrimitives.ReadInt64LittleEndian(octets.Span) : 0;

    public byte Flags() => Take(1) is { IsEmpty: false } octets ? octets.Span[0] : (byte)0;

    public ReadOnlyMemory<byte> Octets() => Take(sizeof(int)) is { IsEmpty: false } length ? Take(BinaryPrimitives.ReadInt32LittleEndian(length.Span)) : default;

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length < 0 || length > _left.Length)
        {
            _isShort = true;
            return default;
        }
        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}
