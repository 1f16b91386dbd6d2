using System.Buffers.Binary;
using CsCheck;
using Hanzo.Edge.Proxying.WebSockets;

namespace Hanzo.Edge.Tests.Proxying.WebSockets;

public sealed class FrameReaderTests
{
    private static readonly Gen<byte[]> Frames = Gen.Select(Gen.Int[0, 15], Gen.Bool, Gen.OneOf(Gen.Int[0, 130], Gen.Int[65_530, 65_540])).Select(of => Frame(of.Item1, of.Item2, of.Item3));

    [Fact]
    public void However_frames_are_cut_into_pieces_it_knows_when_one_ends() =>
        Gen.Select(Frames.Array[1, 4], Gen.Int[1, 7000]).Sample((frames, piece) =>
        {
            var reader = new FrameReader();
            foreach (var frame in frames)
            {
                for (var at = 0; at < frame.Length; at += piece)
                {
                    reader.Pass(frame.AsSpan(at, Math.Min(piece, frame.Length - at)));
                    Assert.Equal(at + piece >= frame.Length, reader.IsBetweenFrames);
                }
            }
            Assert.Equal(Array.Exists(frames, frame => (frame[0] & 15) == 8), reader.HasClosed);

            var whole = new FrameReader();
            whole.Pass(frames.SelectMany(frame => frame).ToArray());
            Assert.Equal((reader.IsBetweenFrames, reader.HasClosed), (whole.IsBetweenFrames, whole.HasClosed));
        }, iter: 200);

    [Fact]
    public void A_close_frame_that_is_cut_has_not_closed()
    {
        var reader = new FrameReader();
        reader.Pass([0x88, 2, 3]);

        Assert.False(reader.HasClosed);
        Assert.False(reader.IsBetweenFrames);
    }

    private static byte[] Frame(int opcode, bool isMasked, int length)
    {
        byte[] size = length < 126 ? [(byte)length] : length < 65_536 ? [126, 0, 0] : [127, 0, 0, 0, 0, 0, 0, 0, 0];
        if (size[0] == 126) BinaryPrimitives.WriteUInt16BigEndian(size.AsSpan(1), (ushort)length);
        if (size[0] == 127) BinaryPrimitives.WriteUInt64BigEndian(size.AsSpan(1), (ulong)length);
        if (isMasked) size[0] |= 0x80;
        return [(byte)(0x80 | opcode), .. size, .. new byte[(isMasked ? 4 : 0) + length]];
    }
}
