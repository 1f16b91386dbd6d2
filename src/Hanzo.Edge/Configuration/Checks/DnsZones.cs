using System.Collections.Immutable;
using System.Globalization;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>Puts the names and records of `dns` together and compiles the zones.</summary>
internal static class DnsZones
{
    /// <summary>The server's part of the configuration, or null where <paramref name="problems"/> says what is wrong with it.</summary>
    public static DnsConfiguration? Compile(DnsFile file, SteeringPolicy policy, ProblemList problems)
    {
        var before = problems.Errors;
        var places = new Dictionary<DnsName, Position>();
        var zones = ImmutableArray.CreateBuilder<ZoneDefinition>();
        foreach (var entry in file.Zones)
            if (Zone(entry, file.Sites, places, problems) is { } zone) zones.Add(zone);
        if (problems.Errors > before) return null;
        if (ZoneCompiler.Compile(zones.ToImmutable(), out var errors) is { } compiled)
        {
            return new()
            {
                Listen = [.. file.Listen.Select(listen => listen.Value)],
                Threads = file.Threads,
                Options = file.Options,
                Sites = file.Sites.IsEmpty ? null : Site.Topology(1, [.. file.Sites.Select(site => site.Value.Site with { Name = site.Name })], policy),
                Zones = compiled,
            };
        }

        foreach (var error in errors) problems.Error(places[error.Zone], $"dns.zones.{error}");
        return null;
    }

    private static ZoneDefinition? Zone(Entry<DnsZoneFile> entry, ImmutableArray<Entry<DnsSiteFile>> sites, Dictionary<DnsName, Position> places, ProblemList problems)
    {
        if (Name(entry.Name, DnsName.Root, entry.NameAt, "dns.zones", problems) is not { } origin) return null;
        places.TryAdd(origin, entry.NameAt);
        var subject = $"dns.zones.{entry.Name}";
        var authority = entry.Value.Authority;
        var primary = Name(authority.Primary, origin, entry.NameAt, $"{subject}.soa.primary", problems);
        var mailbox = Name(authority.Mailbox, origin, entry.NameAt, $"{subject}.soa.mailbox", problems);
        if (primary is null || mailbox is null) return null;
        var steered = ImmutableArray.CreateBuilder<SteeredName>();
        foreach (var name in entry.Value.Steered)
        {
            var settings = name.Value.Settings;
            if (settings.Over == SteeredOver.Sites)
            {
                if (sites.IsEmpty) problems.Error(name.NameAt, $"{subject}.steered.{name.Name}: there are no sites to lead to", "describe the edges under `dns.sites`, or give the addresses of regions");
                settings = settings with { Targets = [.. sites.Select(site => new SteeredTarget(site.Name, site.Value.Addresses) { Epochs = site.Value.Epochs })] };
            }

            if (Name(name.Name, origin, name.NameAt, $"{subject}.steered", problems) is { } owner) steered.Add(settings with { Name = owner });
        }

        return new()
        {
            Name = origin,
            Authority = authority.Numbers with { Primary = primary, Mailbox = mailbox },
            Records = [.. entry.Value.Records.Select(record => Record(record, origin, problems)).OfType<ZoneRecord>()],
            Steered = steered.ToImmutable(),
        };
    }

    private static ZoneRecord? Record(Located<string> line, DnsName origin, ProblemList problems)
    {
        var fields = line.Value.Split((char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length < 4 || !uint.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var ttl))
        {
            problems.Error(line.At, $"{line.Subject}: '{line.Value}' is not NAME TTL TYPE DATA", "such as www 300 A 192.0.2.1, the TTL in seconds");
            return null;
        }

        if (Name(fields[0], origin, line.At, line.Subject, problems) is not { } name) return null;
        if (!RecordText.TryParseType(fields[2], out var type))
        {
            problems.Error(line.At, $"{line.Subject}: '{fields[2]}' is not a record type", "A, AAAA, CAA, CNAME, HTTPS, MX, NS, SRV, SVCB, TXT, or TYPE and its number");
            return null;
        }

        if (RecordText.TryParse(type, fields[3], origin, out var data, out var error)) return new(name, type, TimeSpan.FromSeconds(ttl), data);
        problems.Error(line.At, $"{line.Subject}: the data of {fields[0]} {fields[2]} cannot be read", error);
        return null;
    }

    private static DnsName? Name(string text, DnsName origin, Position at, string subject, ProblemList problems)
    {
        if (DnsName.TryParse(text, origin, out var name)) return name;
        problems.Error(at, $"{subject}: '{text}' is not a domain name", "labels of 1 to 63 characters between dots, 255 in all");
        return null;
    }
}
