using Hanzo.Drills.Runs;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>
/// How long after an edge was lost resolvers still told its address, as first choice: the DNS part of a failover, with the TTLs of
/// answers that were given before. Held against <c>failover.dns</c>.
/// </summary>
internal sealed record ResolverFailover(TimeSpan AtMost) : Promise("resolver")
{
    public override Finding Judge(DrillRecord record)
    {
        var losses = record.Faults
            .SelectMany(fault => fault.Targets.Where(record.EdgeAddresses.ContainsKey).Select(edge => (fault, edge, Address: record.EdgeAddresses[edge])))
            // Where nobody was led to it there was nothing to withdraw.
            .Where(loss => record.Lookups.Any(lookup => lookup.At < loss.fault.Begin && IsFirst(lookup, loss.Address)))
            .Select(loss => (loss.fault, loss.edge, Late: record.Lookups.Where(lookup => IsFirst(lookup, loss.Address) && loss.fault.Touches(lookup.At, TimeSpan.Zero)).OrderBy(lookup => lookup.At).ToList()))
            .ToList();
        return new Finding(
            Name, "resolvers stop telling the address of a lost edge", "seconds", false, AtMost.TotalSeconds,
            losses.Count == 0 ? null : losses.Max(loss => loss.Late.Count == 0 ? 0 : (loss.Late[^1].At - loss.fault.Begin).TotalSeconds),
            [.. losses.SelectMany(loss => loss.Late.Where(lookup => lookup.At - loss.fault.Begin > AtMost).Take(MostEvidence).Select(lookup => FormattableString.Invariant(
                $"at {lookup.At.TotalSeconds:0.00} s, {(lookup.At - loss.fault.Begin).TotalSeconds:0.00} s after {loss.fault.Text}, {lookup.Customer.Address} ({lookup.Customer.Country}) was told {loss.edge}")))],
            "The TTL of the name (dns.zones.ZONE.steered.NAME.ttl.max), peers.exchange and health.probe add up to failover.dns; hanzo-edge check shows every term.");
    }

    private static bool IsFirst(Resolving.Lookup lookup, string address) => !lookup.Addresses.IsEmpty && lookup.Addresses[0] == address;
}
