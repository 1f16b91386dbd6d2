using System.Collections.Immutable;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Checkers;

/// <summary>
/// Which region is the nearest to whom, computed apart from the edge. Coordinates of regions and customers are those of whole
/// cities, so a region that is hardly farther counts as nearest, too.
/// </summary>
internal sealed class NearestRegion(ImmutableArray<DeclaredRegion> regions)
{
    /// <summary>How much farther than the nearest still counts: a share of its distance, and a distance.</summary>
    private const double SlackShare = 0.1;
    private const double SlackKilometres = 300;

    /// <summary>The regions from the nearest on.</summary>
    public IReadOnlyList<string> Ranked(Customer customer) =>
        [.. regions.OrderBy(region => customer.KilometresTo(region.Latitude, region.Longitude)).Select(region => region.Name)];

    /// <summary>The nearest of <paramref name="available"/>, with those that are hardly farther.</summary>
    public IReadOnlyList<string> Of(Customer customer, Func<string, bool>? available = null)
    {
        var ranked = regions.Where(region => available?.Invoke(region.Name) ?? true)
            .Select(region => (region.Name, Distance: customer.KilometresTo(region.Latitude, region.Longitude)))
            .OrderBy(region => region.Distance).ToList();
        return [.. ranked.Where(region => region.Distance <= ranked[0].Distance * (1 + SlackShare) + SlackKilometres).Select(region => region.Name)];
    }
}
