using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>In every region each cart ends with all that was acknowledged, and with nothing counted twice.</summary>
internal sealed record CartsKept() : Promise("carts")
{
    public override Finding Judge(DrillRecord record) => new(
        Name, "units in carts that were acknowledged and lost, or counted twice, in any region", "count", false, 0,
        record.Carts.Sum(cart => cart.Acknowledged) == 0 ? null : record.Carts.Sum(cart => cart.Lost + cart.CountedTwice),
        [.. record.Carts.Where(cart => cart.Lost + cart.CountedTwice > 0).Take(MostEvidence).Select(cart =>
            $"{cart.Cart} at {cart.Node}: {cart.Acknowledged} acknowledged, {cart.Asked} asked for, {(cart.Held is { } held ? $"{held} there" : "not known")}")],
        "Compare hanzo_node_replication_refusals and hanzo_node_replication_repaired_rows of the nodes.");
}

/// <summary>How long after the last customer all regions say the same of every cart.</summary>
internal sealed record CartsConverge(TimeSpan AtMost) : Promise("converged")
{
    public override Finding Judge(DrillRecord record) => new(
        Name, "all regions say the same of every cart, after the last customer", "seconds", false, AtMost.TotalSeconds,
        record.CartsConverged?.TotalSeconds,
        record.Carts.IsEmpty || record.CartsConverged is not null ? [] : ["they still differed when the drill stopped waiting"],
        "Can the nodes reach each other's inner address, and do their clocks agree?");
}
