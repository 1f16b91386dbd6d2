using System.Buffers.Binary;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// Gathers what is written into blocks, sums it on its way, and makes it outlast a power cut slice by slice: a disk that was
/// given hundreds of megabytes at once would let the log's next sync wait for all of them.
/// </summary>
internal sealed class SummedStream(FileStream to) : Stream
{
    /// <summary>Octets between two syncs.</summary>
    private const int Slice = 4 << 20;

    private readonly byte[] _block = new byte[1 << 16];
    private int _filled;
    private int _unsynced;
    private uint _state = uint.MaxValue;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var taken = Math.Min(buffer.Length, _block.Length - _filled);
            buffer[..taken].CopyTo(_block.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
            if (_filled == _block.Length)
                Pass();
        }
    }

    /// <summary>Ends with the checksum of everything before.</summary>
    public void WriteChecksum()
    {
        Pass();
        Span<byte> sum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, ~_state);
        to.Write(sum);
    }

    /// <summary>Only whole blocks are passed on before the end: the checksum goes by eight octets from the beginning.</summary>
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Pass()
    {
        var block = _block.AsSpan(0, _filled);
        _state = Checksum.Continue(_state, block);
        to.Write(block);
        _filled = 0;
        if ((_unsynced += block.Length) < Slice)
            return;
        to.Flush(flushToDisk: true);
        _unsynced = 0;
    }
}
