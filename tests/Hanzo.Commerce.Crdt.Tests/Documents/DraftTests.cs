using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Tests.Documents;

public sealed class DraftTests
{
    private static readonly Causal<Fields> Nothing = Causal<Fields>.Empty;

    [Fact]
    public void Texts_at_different_paths_both_survive()
    {
        var joined = Write(Nothing, 1, 1, draft => draft.Set("name", "Mug")).Merge(Write(Nothing, 2, 2, draft => draft.Set("colour", "blue")));
        Assert.Equal(["blue"], Texts(joined, "colour"));
        Assert.Equal(["Mug"], Texts(joined, "name"));
    }

    [Fact]
    public void Of_two_texts_at_one_path_the_later_is_first_and_the_other_is_kept_until_someone_who_saw_both_writes()
    {
        var joined = Write(Nothing, 1, 5, draft => draft.Set("name", "later")).Merge(Write(Nothing, 2, 4, draft => draft.Set("name", "earlier")));
        Assert.Equal(["later", "earlier"], Texts(joined, "name"));
        Assert.True(joined.Store.Texts["name"].TryGetLatest(out var latest));
        Assert.Equal("later", latest.Value);
        Assert.Equal(["settled"], Texts(Write(joined, 3, 6, draft => draft.Set("name", "settled")), "name"));
    }

    [Fact]
    public void What_is_added_while_another_removes_stays()
    {
        var start = Write(Nothing, 1, 1, draft => draft.Add("mug", 2));
        var removed = Write(start, 1, 2, draft => draft.RemoveCount("mug"));
        var added = Write(start, 2, 2, draft => draft.Add("mug", 3));
        Assert.Equal(3, removed.Merge(added).Store.Counts["mug"].Value);
    }

    [Fact]
    public void A_hundred_writes_in_one_draft_make_one_delta()
    {
        var draft = new Draft(Nothing, new ReplicaId(1), new(1));
        for (var i = 0; i < 100; i++)
            draft.Add($"line {i % 3}", 1);
        Assert.Equal(draft.After, Nothing.Merge(draft.Delta));
        Assert.Equal(100, draft.After.Store.Counts.Entries.Sum(count => count.Value.Value));
    }

    [Fact]
    public void A_draft_in_which_nothing_was_written_is_empty()
    {
        var draft = new Draft(Write(Nothing, 1, 1, before => before.Set("name", "Mug")), new ReplicaId(1), new(2));
        draft.Remove("colour");
        Assert.True(draft.IsEmpty);
        draft.Remove("name");
        Assert.False(draft.IsEmpty);
    }

    [Fact]
    public void A_document_larger_than_allowed_is_refused()
    {
        var bytes = CrdtCodec.Encode(Write(Nothing, 1, 1, draft => draft.Set("note", new string('x', 5_000))));
        Assert.Equal(DecodeProblem.Oversized, CrdtCodec.Decode<Causal<Fields>>(bytes, 4_096).Problem);
        Assert.True(CrdtCodec.Decode<Causal<Fields>>(bytes, 8_192).Succeeded);
    }

    private static string[] Texts(Causal<Fields> document, string path) => [.. document.Store.Texts[path].Values.Select(value => value.Value.Value)];

    private static Causal<Fields> Write(Causal<Fields> document, ulong replica, ulong time, Action<Draft> write)
    {
        var draft = new Draft(document, new ReplicaId(replica), new(time));
        write(draft);
        return draft.After;
    }
}
