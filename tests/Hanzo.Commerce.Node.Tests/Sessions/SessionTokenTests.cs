using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Sessions;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Sessions;

public sealed class SessionTokenTests
{
    private static readonly byte[] Key = "a key for tests that is long enough"u8.ToArray();

    [Fact]
    public void A_token_comes_back_as_what_was_seen()
    {
        foreach (var origins in Enumerable.Range(0, 13))
        {
            var seen = Seen(origins);
            Assert.Equal(seen, SessionToken.Read(SessionToken.Write(seen, Key), Key));
        }
    }

    [Fact]
    public void A_token_stays_under_256_characters_however_many_origins_there_are() =>
        Assert.InRange(SessionToken.Write(Seen(500), Key).Length, 1, 255);

    [Fact]
    public void A_token_that_was_changed_anywhere_is_none()
    {
        var token = SessionToken.Write(Seen(3), Key);
        for (var at = 0; at < token.Length - 1; at++)
            Assert.Null(SessionToken.Read(string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1)), Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not a token")]
    public void What_is_no_token_is_refused(string text) => Assert.Null(SessionToken.Read(text, Key));

    [Fact]
    public void A_token_of_another_key_or_too_long_is_refused()
    {
        Assert.Null(SessionToken.Read(SessionToken.Write(Seen(2), Key), "another key, also long enough for it"u8.ToArray()));
        Assert.Null(SessionToken.Read(new string('A', 400), Key));
    }

    private static VersionVector Seen(int origins) => Enumerable.Range(1, origins)
        .Aggregate(VersionVector.Empty, (seen, number) => seen.With(Origin.Of($"node-{number}", (uint)number), (1L << 40) + number));
}
