using System.Collections.Immutable;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>Turns zone definitions into prepared answers.</summary>
public static class ZoneCompiler
{
    /// <summary>Bytes of records in one answer at most: what compression pointers can reach.</summary>
    public const int MaxAnswerLength = 15_000;

    /// <summary>Compiles all zones, or says everything that is wrong with them.</summary>
    /// <returns>The zones, or null where <paramref name="errors"/> has any.</returns>
    public static ZoneSet? Compile(ImmutableArray<ZoneDefinition> zones, out ImmutableArray<ZoneError> errors)
    {
        var found = ImmutableArray.CreateBuilder<ZoneError>();
        foreach (var twice in zones.GroupBy(zone => zone.Name).Where(group => group.Count() > 1))
            found.Add(new(twice.Key, null, "the zone is stated twice"));
        foreach (var zone in zones) found.AddRange(ZoneValidation.Check(zone, zones));
        errors = found.ToImmutable();
        if (!errors.IsEmpty) return null;

        var nodes = new List<ZoneNode>();
        var steered = ImmutableArray.CreateBuilder<SteeredName>();
        foreach (var zone in zones)
        {
            foreach (var (name, node) in new CompiledZone(zone, steered).Nodes())
            {
                if (node.Types.Any(type => type.Answer.Sections.Length > MaxAnswerLength))
                    found.Add(new(zone.Name, name, $"an answer has more than {MaxAnswerLength} bytes"));
                nodes.Add(node);
            }
        }

        errors = found.ToImmutable();
        return errors.IsEmpty ? new(nodes, steered.ToImmutable()) : null;
    }
}

/// <summary>Something wrong with a zone.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Name">The name inside it, or null for the zone as a whole.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ZoneError(DnsName Zone, DnsName? Name, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"zone {Zone}{(Name is null ? "" : $", name {Name}")}: {Message}";
}
