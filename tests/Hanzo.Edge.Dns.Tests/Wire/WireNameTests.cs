using CsCheck;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Tests.Wire;

public sealed class WireNameTests
{
    [Fact]
    public void A_pointer_is_followed_and_the_place_after_it_is_told()
    {
        byte[] message = [3, (byte)'w', (byte)'w', (byte)'w', 0, 1, (byte)'a', 0xC0, 0, 9];
        Assert.Equal(("\u0001a\u0003www\0", 9), Read(message, 5));
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 }, 0)] // to itself
    [InlineData(new byte[] { 1, (byte)'a', 0xC0, 0 }, 0)] // round and round
    [InlineData(new byte[] { 0xC0, 2, 0xC0, 0 }, 0)] // to and fro
    [InlineData(new byte[] { 0, 0xC0, 3, 0 }, 1)] // forward
    [InlineData(new byte[] { 0xC0 }, 0)] // half a pointer
    [InlineData(new byte[] { 5, (byte)'a' }, 0)] // out of the message
    [InlineData(new byte[] { 0x80, 0 }, 0)] // unknown label type
    public void A_pointer_that_does_not_lead_back_and_a_broken_label_are_no_name(byte[] message, int at) => Assert.Equal(-1, Read(message, at).Offset);

    [Fact]
    public void No_bytes_make_reading_or_skipping_fail_otherwise_than_by_saying_so() => Gen.Byte.Array[0, 300].Sample(message =>
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        for (var at = 0; at <= message.Length; at++)
        {
            var offset = at;
            var length = WireName.Read(message, ref offset, name);
            var skipped = WireName.Skip(message, at);
            if (length > WireName.MaxLength || (length > 0 && offset != skipped) || skipped > message.Length) return false;
        }

        return true;
    });

    [Fact]
    public void Only_letters_change_in_lower_case() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        var lower = bytes.ToArray();
        WireName.ToLower(lower);
        return lower.SequenceEqual(bytes.Select(b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b));
    });

    private static (string Name, int Offset) Read(byte[] message, int at)
    {
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        var length = WireName.Read(message, ref at, name);
        return length < 0 ? ("", -1) : (System.Text.Encoding.Latin1.GetString(name[..length]), at);
    }
}
