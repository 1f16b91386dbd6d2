using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>
/// Orders the regions of a tie band by weighted rendezvous hashing (Thaler and Ravishankar 1998; Schindelhauer and Schomaker
/// 2005): every region draws an exponential waiting time with its weight as the rate, from the hash of its name and the
/// client's affinity, and the shortest goes first. A region is first in proportion to its weight, a client keeps its region,
/// and a region that comes or goes leaves the order of the others as it was. Limit: shares are exact on average over many
/// affinities only.
/// </summary>
internal sealed class Weighting
{
    private readonly ulong[] names;
    private readonly double[] weights;

    public Weighting(ImmutableArray<Region> regions)
    {
        names = [.. regions.Select(region => HashOf(region.Name))];
        weights = [.. regions.Select(region => (double)region.Weight)];
    }

    /// <summary>Reorders <paramref name="band"/>, which is in order of nearness; regions of weight 0 stay in that order, last.</summary>
    public void Order(Span<Candidate> band, ulong affinity)
    {
        Span<double> waits = stackalloc double[Topology.MaxRegions];
        for (var next = 0; next < band.Length; next++)
        {
            var candidate = band[next];
            var wait = WaitOf(candidate.Region, affinity);
            var position = next;
            for (; position > 0 && waits[position - 1] > wait; position--)
            {
                waits[position] = waits[position - 1];
                band[position] = band[position - 1];
            }
            waits[position] = wait;
            band[position] = candidate;
        }
    }

    /// <summary>Where a client stands among those of a region, 0 to 1: independent of what its tie band made of it.</summary>
    public double StandingOf(int region, ulong affinity) => Uniform(Mix(affinity) ^ names[region]);

    private double WaitOf(int region, ulong affinity) =>
        weights[region] == 0 ? double.PositiveInfinity : -Math.Log(Uniform(affinity ^ names[region])) / weights[region];

    private static double Uniform(ulong value) => ((Mix(value) >> 11) + 0.5) * (1.0 / (1UL << 53));

    // FNV-1a over UTF-16: the same in every process and version, which string.GetHashCode is not.
    private static ulong HashOf(string name)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in name) hash = (hash ^ c) * 0x100000001B3UL;
        return Mix(hash);
    }

    // The finalizer of splitmix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
