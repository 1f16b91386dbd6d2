using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Discovery;

/// <summary>What one lookup found.</summary>
/// <param name="Endpoints">The endpoints; none where there are none or nobody answered.</param>
/// <param name="Ttl">How long the answer may be kept: the shortest TTL of its records.</param>
/// <param name="Problem">What went wrong, or null for a good answer.</param>
internal sealed record DnsFinding(ImmutableArray<RegionEndpoint> Endpoints, TimeSpan Ttl, string? Problem)
{
    public static DnsFinding Failed(string problem) => new([], TimeSpan.Zero, problem);
}

/// <summary>
/// The endpoints of one name from lookup to lookup. A good answer replaces all of them and is kept for its TTL. Anything
/// else (no answer, an error, a name or a record that does not exist) changes nothing as long as the last good answer is
/// not older than it may be: whole zones have been emptied by mistake, and a pool that was good a minute ago is the best guess
/// there is.
/// </summary>
/// <param name="Endpoints">What serves now, in order of name.</param>
/// <param name="GoodAt">When the last good answer came, on the discovery's clock; null before the first.</param>
/// <param name="Next">When to look up again, on the same clock.</param>
/// <param name="Failures">Lookups in a row without a good answer.</param>
internal sealed record DnsPool(ImmutableArray<RegionEndpoint> Endpoints, TimeSpan? GoodAt, TimeSpan Next, int Failures)
{
    private const int MostDoublings = 5;

    /// <summary>Nothing found yet; look up at once.</summary>
    public static DnsPool Unknown { get; } = new([], null, TimeSpan.Zero, 0);

    /// <summary>The pool after one more lookup.</summary>
    public DnsPool After(DnsFinding finding, TimeSpan now, DiscoveryOptions options)
    {
        if (finding.Problem is null && finding.Endpoints.Length > 0)
            return new DnsPool([.. finding.Endpoints.OrderBy(endpoint => endpoint.Name, StringComparer.Ordinal)], now, now + Clamp(finding.Ttl, options), 0);

        var isStale = GoodAt is not { } good || now - good > options.StaleFor;
        // Waits a little longer each time, up to 32 times the shortest TTL: a resolver that is down is not helped by being asked.
        var wait = Clamp(options.MinTtl * (1 << Math.Min(Failures, MostDoublings)), options);
        return new DnsPool(isStale ? [] : Endpoints, GoodAt, now + wait, Failures + 1);
    }

    private static TimeSpan Clamp(TimeSpan ttl, DiscoveryOptions options) =>
        ttl < options.MinTtl ? options.MinTtl : ttl > options.MaxTtl ? options.MaxTtl : ttl;
}
