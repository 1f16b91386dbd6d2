using System.Collections.Immutable;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>
/// Carries a reservation over its shards: ask for the parts, tell the home, tell the parts. Each step may be taken again by
/// anybody, so whoever began can be gone: the leader of the home goes on from what the log says.
/// </summary>
internal sealed class ReservationSaga(CommerceShards shards)
{
    /// <summary>Splits lines by where they are stocked and names the home: where the first of them is.</summary>
    public (int Home, Reserve Command) Plan(string id, string merchant, IEnumerable<Line> lines, TimeSpan hold, Func<int, string>? mint = null)
    {
        // Most are of one SKU: there is nothing to sort and to divide.
        if (mint is not null && lines is IReadOnlyList<Line> and [var only] && shards.OfStock(merchant, only.Sku) is var single)
            return (single, new Reserve(mint(single), merchant, [only], [], hold));
        var parts = (from line in lines.OrderBy(line => line.Sku, StringComparer.Ordinal)
                     group line by shards.OfStock(merchant, line.Sku) into part
                     select new PartPlan(part.Key, [.. part])).ToImmutableArray();
        var home = mint is null ? shards.OfId(id) : parts[0].Shard;
        var here = parts.FirstOrDefault(part => part.Shard == home)?.Lines ?? [];
        return (home, new Reserve(mint?.Invoke(home) ?? id, merchant, here, [.. parts.Where(part => part.Shard != home)], hold));
    }

    /// <summary>Asks every other shard for its part and lets the home decide. The home's reply, or that it is not reached.</summary>
    public async ValueTask<Submitted> Hold(Reservation reservation, CancellationToken cancellation)
    {
        var refusal = default(Refused);
        foreach (var part in reservation.Elsewhere)
        {
            var held = await shards.Do(part.Shard, new HoldPart(reservation.Merchant, reservation.Id, part.Lines, reservation.ExpiresAt), cancellation);
            // Not heard is not refused: the home stays undecided, and the leader asks again.
            if (held.Reply is null)
                return held with { MayBeApplied = true };
            refusal ??= held.Reply as Refused;
        }
        var decided = await shards.Do(shards.OfId(reservation.Id), new DecideReservation(reservation.Merchant, reservation.Id, refusal), cancellation);
        // The reservation stands in the log: where the decision did not come into it, the leader decides later.
        return decided.Reply is null ? decided with { MayBeApplied = true } : decided;
    }

    /// <summary>Tells every shard that has not heard what the home decided.</summary>
    public async ValueTask Settle(Reservation reservation, CancellationToken cancellation)
    {
        var isReturn = reservation.ReturnedAt is not null;
        foreach (var part in reservation.Elsewhere.Where(part => reservation.Unsettled.Contains(part.Shard)))
        {
            InventoryCommand decision = isReturn
                ? new ReturnPart(reservation.Merchant, reservation.Id, part.Lines)
                : new SettlePart(reservation.Merchant, reservation.Id, reservation.Status == ReservationStatus.Committed);
            if ((await shards.Do(part.Shard, decision, cancellation)).Reply is Done)
                await shards.Do(shards.OfId(reservation.Id), new PartSettled(reservation.Merchant, reservation.Id, part.Shard, isReturn), cancellation);
        }
    }

    /// <summary>Goes on with one that is open, from wherever it was left.</summary>
    public async ValueTask Continue(Reservation open, CancellationToken cancellation)
    {
        if (open.Status == ReservationStatus.Holding)
            await Hold(open, cancellation);
        if (await Find(open.Merchant, open.Id, cancellation) is ReservationReply found)
            await Settle(found.Reservation, cancellation);
    }

    /// <summary>Asks the home of a part what became of it, and settles the part by that alone.</summary>
    public async ValueTask Resolve(int shard, HeldPart part, CancellationToken cancellation)
    {
        var reply = await Find(part.Merchant, part.ReservationId, cancellation);
        // The home writes a reservation down before it asks for parts, and keeps it until all have heard: one that it does not know is over.
        bool? commit = reply switch
        {
            ReservationReply { Reservation.Status: ReservationStatus.Committed } => true,
            ReservationReply { Reservation.Status: ReservationStatus.Holding or ReservationStatus.Held } or null => null,
            _ => false,
        };
        if (commit is { } decided)
            await shards.Do(shard, new SettlePart(part.Merchant, part.ReservationId, decided), cancellation);
    }

    public async ValueTask<Reply?> Find(string merchant, string id, CancellationToken cancellation) =>
        (await shards.Ask(shards.OfId(id), new FindReservation(merchant, id), Consistency.Linearizable, cancellation)).Reply;
}
