using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Commerce.Node.Tests.Storage.Support;

namespace Hanzo.Commerce.Node.Tests.Storage;

public sealed class StateCacheTests
{
    private static readonly DocumentCollection Documents = new(1, "documents");

    private readonly StateCache _cache = new(1 << 20, new CollectionSet([Documents, Words.Collection]));

    [Fact]
    public void A_document_is_kept_as_it_was_committed_last_whether_it_grew_or_shrank()
    {
        var key = new StoreKey(Documents.Id, "row");
        foreach (var length in new[] { 10, 12, 5_000, 3, 40 })
        {
            var row = Document(new string('a', length), (ulong)length);
            _cache.Committed(key, row);
            Assert.True(_cache.TryFind(key, out var found, out _));
            Assert.Equal((row.State, row.Digest), (found.State, found.Digest));
            Assert.Equal(row.Encoded, found.Encoded);
        }
    }

    [Fact]
    public void What_was_found_is_not_changed_by_the_next_commit()
    {
        var key = new StoreKey(Documents.Id, "row");
        var first = Document("first", 1);
        _cache.Committed(key, first);
        Assert.True(_cache.TryFind(key, out var found, out _));
        _cache.Committed(key, Document("other", 2));
        Assert.Equal(first.Encoded, found.Encoded);
        Assert.Equal(first.State, found.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void What_a_reader_found_before_a_commit_is_not_kept_after_it(byte collection)
    {
        var key = new StoreKey(collection, "row");
        var (before, after) = collection == Documents.Id ? (Document("before", 1), Document("after", 2)) : (Word("before"), Word("after"));
        Assert.False(_cache.TryFind(key, out _, out var commits));
        _cache.Committed(key, after);
        _cache.Found(key, before, commits);
        Assert.True(_cache.TryFind(key, out var found, out commits));
        Assert.Equal(after.State, found.State);

        _cache.Found(key, Row.None, commits);
        Assert.True(_cache.TryFind(key, out found, out _));
        Assert.Equal((null, 0UL), (found.State, found.Digest));
    }

    [Fact]
    public void Those_used_longest_ago_make_room_and_their_places_are_used_again()
    {
        var row = Document(new string('a', 400), 1);
        for (var i = 0; i < 20_000; i++)
        {
            _cache.Committed(new StoreKey(Documents.Id, $"row-{i}"), row);
            Assert.True(_cache.TryFind(new StoreKey(Documents.Id, "row-0"), out _, out _));
        }
        var kept = Enumerable.Range(0, 20_000).Where(i => _cache.TryFind(new StoreKey(Documents.Id, $"row-{i}"), out _, out _)).ToList();
        // A MiB in 16 stripes, some 850 bytes a row.
        Assert.InRange(kept.Count, 900, 1_300);
        Assert.Equal(0, kept[0]);
        Assert.All(kept.Skip(1), i => Assert.InRange(i, 17_500, 20_000));

        _cache.Clear();
        Assert.DoesNotContain(kept, i => _cache.TryFind(new StoreKey(Documents.Id, $"row-{i}"), out _, out _));
        _cache.Committed(new StoreKey(Documents.Id, "row-0"), row);
        Assert.True(_cache.TryFind(new StoreKey(Documents.Id, "row-0"), out _, out _));
    }

    private static Row Document(string text, ulong digest)
    {
        var draft = new Draft(Causal<Fields>.Empty, new ReplicaId(1), new HybridTime(1));
        draft.Set("text", text);
        return new Row(draft.After, Documents.Encode(draft.After), digest);
    }

    private static Row Word(string word) => new(word, Words.Collection.Encode(word), 1);
}
