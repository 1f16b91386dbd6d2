using System.Text.Json;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Idempotency;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>The shards, spoken to in commands and questions.</summary>
internal sealed class CommerceShards(IShards shards, TimeProvider time)
{
    /// <summary>An outcome that is unknown after longer has had its leader waited for already.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    public int Count => shards.Count;

    public bool Leads(int shard) => shards.Leads(shard);

    /// <summary>Where a merchant's SKU is stocked.</summary>
    public int OfStock(string merchant, string sku) => shards.Of($"{merchant}/{sku}");

    /// <summary>Where the resource with this id lies.</summary>
    public int OfId(string id) => shards.Of(id);

    /// <summary>Where a new resource goes that has no place of its own: by its key, so that the same key finds the first use again.</summary>
    public int OfKey(KeyUse key) => shards.Of(key.Id);

    /// <summary>A new id that lies in <paramref name="shard"/>: its random end is counted on until it does, so that the id alone says where to look for it.</summary>
    public string NewId(string prefix, int shard)
    {
        Span<char> id = [.. prefix, '_', .. Unique.At(time.GetUtcNow()).ToString("n")];
        while (shards.Of(id) != shard)
            CountOn(id);
        return id.ToString();
    }

    /// <summary>
    /// Has a command carried out. One that was on its way to a leader which died may stand in the log or not; with a key it is
    /// sent again, to the next leader, as its caller would have to: the key is answered what the first of both came to.
    /// </summary>
    public async ValueTask<Submitted> Do(int shard, Command command, CancellationToken cancellation, KeyUse? key = null)
    {
        var entry = EntryCodec.Write(new Entry(command, key));
        var began = time.GetTimestamp();
        var outcome = await shards.Submit(shard, entry, cancellation);
        if (outcome is not SubmitOutcome.Unknown || key is null || time.GetElapsedTime(began) > Soon)
            return Read(outcome);
        var again = Read(await shards.Submit(shard, entry, cancellation));
        // Still open: the first was taken, and what it began is finished by whoever leads.
        return again.Result is null or { Reply: Refused { Code: KeyUse.InUse } } ? Read(outcome) : again;
    }

    private static Submitted Read(SubmitOutcome outcome) => outcome switch
    {
        SubmitOutcome.Applied applied => new Submitted(EntryCodec.ReadResult(applied.Answer.Span)),
        SubmitOutcome.NotApplied not => new Submitted(null) { RetryAfter = not.RetryAfter, IsDiskFull = not.IsDiskFull },
        SubmitOutcome.Unknown unknown => new Submitted(null) { RetryAfter = unknown.RetryAfter, MayBeApplied = true },
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no outcome."),
    };

    /// <summary>
    /// Whether a key was used in another shard. A reservation or an order lies where its first SKU is stocked, and its key with
    /// it: one entry for most of them. So a key that comes again with another SKU is looked for in the other shards too, in
    /// what this node has of them. That costs no round trip, and misses only a reuse within the moment that replication takes.
    /// </summary>
    public bool IsUsedElsewhere(KeyUse key, int home)
    {
        for (var shard = 0; shard < Count; shard++)
        {
            if (shard != home && ((CommerceMachine)shards.MachineOf(shard)).Knows(key))
                return true;
        }
        return false;
    }

    /// <summary>The hexadecimal number at the end, and one.</summary>
    private static void CountOn(Span<char> digits)
    {
        var at = digits.Length - 1;
        for (; digits[at] == 'f'; at--)
            digits[at] = '0';
        digits[at] = digits[at] == '9' ? 'a' : (char)(digits[at] + 1);
    }

    public async ValueTask<Read> Ask(int shard, Question question, Consistency consistency, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(question, MachineJson.Context.Question);
        return await shards.Read(shard, bytes, consistency, cancellation) switch
        {
            ReadOutcome.Answered answered => new Read(JsonSerializer.Deserialize(answered.Answer.Span, MachineJson.Context.Reply)) { Staleness = answered.Staleness },
            ReadOutcome.Unavailable unavailable => new Read(null) { RetryAfter = unavailable.RetryAfter },
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no outcome."),
        };
    }
}

/// <summary>What became of a command.</summary>
/// <param name="Result">Null when the shard could not be reached.</param>
internal readonly record struct Submitted(Result? Result)
{
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Whether a command without a result may be applied nevertheless.</summary>
    public bool MayBeApplied { get; init; }

    /// <summary>Whether it was not applied because the leader's disk has no room.</summary>
    public bool IsDiskFull { get; init; }

    public Reply? Reply => Result?.Reply;
}

/// <summary>What became of a question.</summary>
/// <param name="Reply">Null when the shard could not be reached.</param>
internal readonly record struct Read(Reply? Reply)
{
    public TimeSpan RetryAfter { get; init; }

    public TimeSpan Staleness { get; init; }
}
