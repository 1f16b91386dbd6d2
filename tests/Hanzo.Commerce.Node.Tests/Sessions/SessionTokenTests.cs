using System.Collections.Immutable;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Sessions;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Sessions;

public sealed class SessionTokenTests
{
    private const long Large = (1L << 40) + 7;

    private static readonly byte[] Key = "a key for tests that is long enough"u8.ToArray();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(12, 0)]
    [InlineData(3, 4)]
    [InlineData(9, 4)]
    [InlineData(0, 20)]
    [InlineData(3, 16)]
    public void A_token_comes_back_as_what_was_seen(int origins, int shards)
    {
        var seen = Seen(origins, shards);
        Assert.Equal(seen, SessionToken.Read(SessionToken.Write(seen, Key), Key));
    }

    [Fact]
    public void A_token_stays_under_256_characters_however_much_there_is_and_keeps_the_shards_last_seen()
    {
        var token = SessionToken.Write(Seen(500, 64), Key);
        Assert.InRange(token.Length, 1, 255);
        Assert.Equal(Seen(0, 20).Shards.AsEnumerable(), SessionToken.Read(token, Key)!.Value.Shards);
    }

    [Fact]
    public void A_token_of_the_first_version_is_still_read() => Assert.Equal(
        new Seen(VersionVector.Empty.With(Origin.Of("us-east-1", 7), 5).With(Origin.Of("eu-west-1", 8), 1L << 33), []),
        SessionToken.Read("AQcAAADdfh4pBQAAAAAACAAAAEaMgGsAAAAAAgD_1PsG4vHqG7YmG4I", Key));

    [Fact]
    public void A_token_that_was_changed_anywhere_is_none()
    {
        var token = SessionToken.Write(Seen(3, 4), Key);
        for (var at = 0; at < token.Length - 1; at++)
            Assert.Null(SessionToken.Read(string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1)), Key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not a token")]
    public void What_is_no_token_is_refused(string text) => Assert.Null(SessionToken.Read(text, Key));

    [Fact]
    public void Tokens_of_two_clusters_are_told_apart_on_one_thread()
    {
        var other = "another key, also long enough for it"u8.ToArray();
        var (mine, theirs) = (SessionToken.Write(Seen(2, 2), Key), SessionToken.Write(Seen(2, 2), other));
        Assert.NotEqual(mine, theirs);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(Seen(2, 2), SessionToken.Read(mine, Key));
            Assert.Equal(Seen(2, 2), SessionToken.Read(theirs, other));
            Assert.Null(SessionToken.Read(theirs, Key));
        }
    }

    [Fact]
    public void A_token_of_another_key_or_too_long_is_refused()
    {
        Assert.Null(SessionToken.Read(SessionToken.Write(Seen(2, 2), Key), "another key, also long enough for it"u8.ToArray()));
        Assert.Null(SessionToken.Read(new string('A', 400), Key));
    }

    private static Seen Seen(int origins, int shards) => new(
        Enumerable.Range(1, origins).Aggregate(VersionVector.Empty, (seen, number) => seen.With(Origin.Of($"node-{number}", (uint)number), number < 4 ? Large : number)),
        [.. Enumerable.Range(0, shards).Select(shard => new ShardIndex(shard, shard < 5 ? Large + shard : 1 + shard))]);
}
