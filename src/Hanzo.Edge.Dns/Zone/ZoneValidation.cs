using System.Collections.Immutable;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>The rules a zone must keep to be served.</summary>
internal static class ZoneValidation
{
    private const int MaxSteeredAnswers = 16;
    private static readonly TimeSpan MaxTtl = TimeSpan.FromSeconds(int.MaxValue);

    /// <summary>Everything wrong with <paramref name="zone"/>, standing among <paramref name="all"/>.</summary>
    public static IEnumerable<ZoneError> Check(ZoneDefinition zone, ImmutableArray<ZoneDefinition> all)
    {
        var names = zone.Records.GroupBy(record => record.Name).ToDictionary(group => group.Key, group => group.ToArray());
        if (!names.TryGetValue(zone.Name, out var apex) || !apex.Any(record => record.Type == DnsType.NS))
            yield return new(zone.Name, null, "the zone has no name servers: give its apex at least one NS record");
        foreach (var (name, records) in names)
            foreach (var message in CheckName(zone, name, records, all)) yield return new(zone.Name, name, message);
        foreach (var name in names.Keys)
            if (IsLoop(name, names)) yield return new(zone.Name, name, "its CNAME leads back to itself");
        foreach (var twice in zone.Steered.GroupBy(steered => steered.Name).Where(group => group.Count() > 1))
            yield return new(zone.Name, twice.Key, "the name is steered twice");
        foreach (var steered in zone.Steered)
        {
            if (OutOfPlace(zone, steered.Name, all) is { } place) yield return new(zone.Name, steered.Name, place);
            if (names.GetValueOrDefault(steered.Name)?.FirstOrDefault(r => r.Type is DnsType.A or DnsType.AAAA or DnsType.CNAME) is { } other)
                yield return new(zone.Name, steered.Name, $"a steered name cannot have {other.Type} records beside");
            if (steered.Answers is < 1 or > MaxSteeredAnswers) yield return new(zone.Name, steered.Name, $"answers must be 1 to {MaxSteeredAnswers}, not {steered.Answers}");
            if (steered.MinTtl > steered.MaxTtl) yield return new(zone.Name, steered.Name, $"the smallest TTL, {steered.MinTtl.TotalSeconds} s, is above the largest, {steered.MaxTtl.TotalSeconds} s");
            if (!IsTtl(steered.MinTtl) || !IsTtl(steered.MaxTtl)) yield return new(zone.Name, steered.Name, "a TTL is whole seconds, 0 to 2147483647");
            if (steered.Targets.All(target => target.Addresses.IsEmpty)) yield return new(zone.Name, steered.Name, "a steered name needs at least one address");
        }
    }

    private static IEnumerable<string> CheckName(ZoneDefinition zone, DnsName name, ZoneRecord[] records, ImmutableArray<ZoneDefinition> all)
    {
        if (OutOfPlace(zone, name, all) is { } place && !records.All(record => record.Type == DnsType.NS)) yield return place;
        if (records.Any(record => record.Type == DnsType.CNAME))
        {
            if (name.Equals(zone.Name)) yield return "the apex cannot be a CNAME (RFC 1912 §2.4)";
            if (records.Length > 1) yield return "a CNAME stands alone: remove the other records or the CNAME (RFC 1034 §3.6.2)";
        }

        if (records.Any(record => record.Type == DnsType.SOA)) yield return "the SOA record is stated by the zone itself";
        if (records.Any(record => record.Type == DnsType.NS) && name.IsWildcard) yield return "a wildcard cannot be delegated (RFC 4592 §4.2)";
        if (records.Any(record => !IsTtl(record.Ttl))) yield return "a TTL is whole seconds, 0 to 2147483647";
        foreach (var set in records.GroupBy(record => record.Type))
            if (set.Select(record => record.Ttl).Distinct().Count() > 1) yield return $"its {set.Key} records have different TTLs (RFC 2181 §5.2)";
    }

    private static bool IsLoop(DnsName start, Dictionary<DnsName, ZoneRecord[]> names)
    {
        var name = start;
        for (var hops = 0; hops <= names.Count; hops++)
        {
            if (!names.TryGetValue(name, out var records) || records.FirstOrDefault(record => record.Type == DnsType.CNAME) is not { } alias) return false;
            name = alias.Data.Name!;
            if (name.Equals(start)) return true;
        }

        return false;
    }

    private static string? OutOfPlace(ZoneDefinition zone, DnsName name, ImmutableArray<ZoneDefinition> all)
    {
        if (!name.IsWithin(zone.Name)) return $"the name is outside the zone {zone.Name}";
        var closer = all.FirstOrDefault(other => !other.Name.Equals(zone.Name) && other.Name.IsWithin(zone.Name) && name.IsWithin(other.Name));
        return closer is null ? null : $"the name belongs to the zone {closer.Name}";
    }

    private static bool IsTtl(TimeSpan ttl) => ttl >= TimeSpan.Zero && ttl <= MaxTtl && ttl.Ticks % TimeSpan.TicksPerSecond == 0;
}
