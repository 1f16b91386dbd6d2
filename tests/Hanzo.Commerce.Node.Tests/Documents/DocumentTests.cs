using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Documents;

public sealed class DocumentTests
{
    private const int Cases = 2000;

    /// <summary>Never changed: disks hold such bytes. A new version of the encoding gets a line of its own.</summary>
    private const string Golden = "010202000000b777986f01010000003e50a0f9010002086c696e652f746561010001080400046e616d65010101070501034d7567";

    private static readonly Origin[] Origins = [Origin.Of("us-east", 1), Origin.Of("eu-west", 2), Origin.Of("ap-southeast", 3)];
    private static readonly string[] Paths = ["name", "line/mug", "line/tea"];

    [Fact]
    public void Writes_to_different_paths_both_survive()
    {
        var (a, b) = (Write(Document.Empty, 0, 1, draft => draft.Set("name", 0, "Mug")), Write(Document.Empty, 1, 2, draft => draft.Set("text", 0, "Blue")));
        var joined = a.Join(b);
        Assert.Equal("Mug", joined.Latest("name")!.Text);
        Assert.Equal("Blue", joined.Latest("text")!.Text);
    }

    [Fact]
    public void Of_two_writes_to_one_path_the_later_is_shown_and_the_other_is_kept_until_someone_writes_again()
    {
        var joined = Write(Document.Empty, 0, 5, draft => draft.Set("name", 0, "Later")).Join(Write(Document.Empty, 1, 4, draft => draft.Set("name", 0, "Earlier")));
        Assert.Equal("Later", joined.Latest("name")!.Text);
        Assert.Equal(2, joined["name"].Length);
        Assert.Equal("Settled", Assert.Single(Write(joined, 2, 6, draft => draft.Set("name", 0, "Settled"))["name"]).Text);
    }

    [Fact]
    public void What_is_added_while_another_removes_stays()
    {
        var start = Write(Document.Empty, 0, 1, draft => draft.Append("line/mug", 2, null));
        var removed = Write(start, 0, 2, draft => draft.Remove("line/mug"));
        var added = Write(start, 1, 2, draft => draft.Append("line/mug", 3, null));
        Assert.Equal(3, Assert.Single(removed.Join(added)["line/mug"]).Number);
    }

    [Fact]
    public void What_is_appended_at_two_places_adds_up()
    {
        var start = Write(Document.Empty, 0, 1, draft => draft.Append("line/mug", 2, null));
        var joined = Write(start, 0, 2, draft => draft.Append("line/mug", 1, null)).Join(Write(start, 1, 2, draft => draft.Append("line/mug", 4, null)));
        Assert.Equal(7, joined["line/mug"].Sum(cell => cell.Number));
    }

    [Fact]
    public void Joining_is_commutative_associative_idempotent_and_never_forgets() => ForHistories((random, documents) =>
    {
        var (a, b, c) = (documents[random.Next(3)], documents[random.Next(3)], documents[random.Next(3)]);
        Same(a.Join(b), b.Join(a));
        Same(a.Join(b).Join(c), a.Join(b.Join(c)));
        Same(a.Join(a), a);
        Same(a.Join(b).Join(a), a.Join(b));
    });

    [Fact]
    public void Changes_in_any_order_with_repeats_come_to_the_same_as_joining_whole_documents()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var (documents, changes) = History(random);
            var whole = documents.Aggregate((a, b) => a.Join(b));
            var shuffled = changes.Concat(changes.Take(random.Next(changes.Count))).ToArray();
            random.Shuffle(shuffled);
            Same(whole, shuffled.Aggregate(Document.Empty, (document, change) => document.Join(change)));
            Assert.True(shuffled.Aggregate(Document.Empty, (document, change) => document.Join(change)).Context.Beyond.IsEmpty);
        }
    }

    [Fact]
    public void A_document_comes_back_from_its_bytes() => ForHistories((_, documents) =>
    {
        foreach (var document in documents)
            Same(document, DocumentCodec.Decode(DocumentCodec.Encode(document))!);
    });

    [Fact]
    public void Bytes_that_are_no_document_are_refused_and_never_throw()
    {
        var refused = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var bytes = DocumentCodec.Encode(History(random).Documents[0]);
            if (random.Next(2) == 0)
                bytes = bytes[..random.Next(bytes.Length)];
            else
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            refused += DocumentCodec.Decode(bytes) is null ? 1 : 0;
        }
        Assert.InRange(refused, Cases / 2, Cases);
    }

    [Fact]
    public void A_document_written_by_the_first_version_can_be_read_for_ever()
    {
        var golden = Write(Write(Document.Empty, 0, 7, draft => draft.Set("name", -3, "Mug")), 1, 8, draft => draft.Append("line/tea", 2, null));
        Assert.Equal(Golden, Convert.ToHexStringLower(DocumentCodec.Encode(golden)));
        Same(golden, DocumentCodec.Decode(Convert.FromHexString(Golden))!);
    }

    private static void ForHistories(Action<Random, Document[]> check)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            check(random, History(random).Documents);
        }
    }

    /// <summary>Three nodes that write and hear of each other at random: their documents, and all their changes.</summary>
    private static (Document[] Documents, List<Document> Changes) History(Random random)
    {
        Document[] documents = [Document.Empty, Document.Empty, Document.Empty];
        var changes = new List<Document>();
        for (var step = random.Next(1, 20); step > 0; step--)
        {
            var at = random.Next(3);
            if (random.Next(4) == 0)
            {
                documents[at] = documents[at].Join(documents[random.Next(3)]);
                continue;
            }
            var draft = new DocumentDraft(documents[at], Origins[at], (ulong)random.Next(1, 5));
            var path = Paths[random.Next(Paths.Length)];
            switch (random.Next(3))
            {
                case 0: draft.Set(path, random.Next(9), "text"); break;
                case 1: draft.Append(path, random.Next(9), null); break;
                default: draft.Remove(path); break;
            }
            documents[at] = draft.After;
            changes.Add(draft.Delta);
        }
        return (documents, changes);
    }

    private static Document Write(Document document, int origin, ulong stamp, Action<DocumentDraft> write)
    {
        var draft = new DocumentDraft(document, Origins[origin], stamp);
        write(draft);
        return draft.After;
    }

    private static void Same(Document expected, Document actual) =>
        Assert.Equal(Convert.ToHexString(DocumentCodec.Encode(expected)), Convert.ToHexString(DocumentCodec.Encode(actual)));
}
