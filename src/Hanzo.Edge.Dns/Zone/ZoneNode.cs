using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>A name that exists: it has records, or a name below it has.</summary>
internal sealed class ZoneNode
{
    /// <summary>The name in lower case.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Answers by type, those it has.</summary>
    public required (DnsType Type, PreparedAnswer Answer)[] Types { get; init; }

    /// <summary>The answer for every other type.</summary>
    public required PreparedAnswer Otherwise { get; init; }

    /// <summary>The answer for names below this one that do not exist: a denial, or the referral of the zone cut at or above it.</summary>
    public required PreparedAnswer Below { get; init; }

    /// <summary>The wildcard below this name, which answers for names that do not exist; null at and below a zone cut.</summary>
    public ZoneNode? Wildcard { get; set; }

    /// <summary>The answer for <paramref name="type"/>.</summary>
    public PreparedAnswer Answer(DnsType type)
    {
        foreach (var entry in Types)
            if (entry.Type == type) return entry.Answer;
        return Otherwise;
    }
}
