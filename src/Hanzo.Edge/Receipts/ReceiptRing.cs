using Hanzo.Edge.Proxying;

namespace Hanzo.Edge.Receipts;

/// <summary>
/// The receipts of the newest requests: a ring of fixed-size slots in chunks that are made when first reached, so that an
/// idle edge does not pay for them. Writing takes one atomic addition and one compare-and-swap and allocates nothing; a
/// reader copies a slot and takes the copy only if its lap did not move meanwhile. At 80 bytes a slot, the default of
/// 100,000 takes 8 MB; ids that trusted peers give, errors and failed attempts come on top.
/// </summary>
internal sealed class ReceiptRing(TimeProvider time, int capacity = ReceiptRing.DefaultCapacity)
{
    /// <summary>Receipts kept by default.</summary>
    public const int DefaultCapacity = 100_000;

    private const int ChunkSize = 1024;
    private const uint Writing = uint.MaxValue;

    private readonly DecisionReceipt[]?[] chunks = new DecisionReceipt[]?[(capacity + ChunkSize - 1) / ChunkSize];
    private long written;

    /// <summary>Receipts kept at most.</summary>
    public int Capacity => capacity;

    /// <summary>Requests received since the start.</summary>
    public long Written => Volatile.Read(ref written);

    /// <summary>Keeps the receipt of a finished exchange, over the oldest one.</summary>
    public void Add(Exchange exchange, int status, TimeSpan duration)
    {
        var number = Interlocked.Increment(ref written);
        ref var slot = ref SlotOf(number);
        var lap = Volatile.Read(ref slot.Lap);
        // A writer that lags a whole ring behind would mix two receipts; this one gives way.
        if (lap == Writing || Interlocked.CompareExchange(ref slot.Lap, Writing, lap) != lap) return;
        Fill(ref slot, exchange, status, duration);
        Volatile.Write(ref slot.Lap, LapOf(number));
    }

    /// <summary>The newest receipt of the request <paramref name="requestId"/>, or null. Reads the whole ring: for people, not for requests.</summary>
    public DecisionReceipt? Find(string requestId)
    {
        var name = new RequestName(requestId);
        var newest = Written;
        var oldest = Math.Max(1, newest - capacity + 1);
        for (var number = newest; number >= oldest; number--)
            if (TryRead(number, out var receipt) && receipt.RequestId == name)
                return receipt;
        return null;
    }

    /// <summary>The newest receipts that <paramref name="filter"/> takes, newest first. Reads the whole ring at most: for people, not for requests.</summary>
    public List<DecisionReceipt> Search(ReceiptFilter filter)
    {
        var found = new List<DecisionReceipt>();
        var newest = Written;
        var oldest = Math.Max(1, newest - capacity + 1);
        for (var number = newest; number >= oldest && found.Count < filter.Limit; number--)
            if (TryRead(number, out var receipt) && filter.Takes(receipt))
                found.Add(receipt);
        return found;
    }

    private bool TryRead(long number, out DecisionReceipt receipt)
    {
        ref var slot = ref SlotOf(number);
        var lap = Volatile.Read(ref slot.Lap);
        receipt = slot;
        Interlocked.MemoryBarrier();
        return lap == LapOf(number) && Volatile.Read(ref slot.Lap) == lap;
    }

    private void Fill(ref DecisionReceipt receipt, Exchange exchange, int status, TimeSpan duration)
    {
        var endpoint = exchange.Attempt.Endpoint;
        receipt.EndpointIndex = (short)(endpoint is null ? -1 : exchange.Plan.Region(exchange.Region).IndexOf(endpoint));
        var stranger = receipt.EndpointIndex < 0 ? endpoint?.DestinationId : null;
        var name = new RequestName(exchange.RequestId);
        receipt.RequestNumber = name.Number;
        var origin = exchange.Plan.Origin;
        receipt.Origin = name.Text is null && exchange.Error is null && exchange.Attempt.Failed is null && stranger is null ? origin : new ReceiptNote(origin, name.Text, exchange.Error, Failed(exchange), stranger);
        receipt.Traits = (exchange.Attempt.IsTaken ? ReceiptTraits.Answered : ReceiptTraits.None) | (exchange.FailedOpen ? ReceiptTraits.FailedOpen : ReceiptTraits.None);
        receipt.HeadMs = exchange.Attempt.HeadMs;
        var place = exchange.Snapshot.World.PlaceOf(exchange.Place, exchange.Network).Place;
        (receipt.Country, receipt.Continent) = (new(place.Country), new(place.Continent));
        receipt.Client = exchange.Client;
        receipt.EndedTicks = time.GetUtcNow().UtcTicks;
        receipt.Seconds = (float)duration.TotalSeconds;
        receipt.Status = (short)status;
        receipt.Region = (sbyte)exchange.Region;
        receipt.Count = (byte)exchange.Count;
        receipt.Eligible = (byte)exchange.Eligible;
        receipt.Candidates = exchange.Standings;
    }

    private static ReceiptAttempt[]? Failed(Exchange exchange) => exchange.Attempt.Failed is { } failed
        ? [.. failed.Select(attempt => new ReceiptAttempt(attempt.Endpoint.DestinationId, (sbyte)attempt.Region, attempt.Outcome, attempt.Status, attempt.Ms))]
        : null;

    private uint LapOf(long number) => (uint)((ulong)number / (ulong)capacity) + 1;

    private ref DecisionReceipt SlotOf(long number)
    {
        var index = (int)((ulong)number % (ulong)capacity);
        ref var chunk = ref chunks[index / ChunkSize];
        var slots = Volatile.Read(ref chunk);
        if (slots is null)
        {
            var made = new DecisionReceipt[ChunkSize];
            slots = Interlocked.CompareExchange(ref chunk, made, null) ?? made;
        }
        return ref slots[index % ChunkSize];
    }
}
