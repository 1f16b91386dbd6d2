using System.Collections;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying;

/// <summary>The destinations of one region that requests are spread over, with their weights summed for drawing. Immutable.</summary>
internal sealed class RegionDestinations : IReadOnlyList<DestinationState>
{
    private readonly DestinationState[] destinations;
    private readonly EndpointLoad[] loads;
    private readonly int[] indexes;
    private readonly int[] weightsUpTo;

    /// <summary>Takes destinations with their endpoints' indexes in the region and their weights, each at least 1.</summary>
    public RegionDestinations(IReadOnlyCollection<(DestinationState Destination, int Index, int Weight)> members, EndpointLoads loads)
    {
        destinations = [.. members.Select(member => member.Destination)];
        this.loads = [.. destinations.Select(loads.Of)];
        indexes = [.. members.Select(member => member.Index)];
        weightsUpTo = new int[destinations.Length];
        var sum = 0;
        var i = 0;
        foreach (var (_, _, weight) in members)
            weightsUpTo[i++] = sum += Math.Max(1, weight);
    }

    /// <inheritdoc/>
    public int Count => destinations.Length;

    /// <inheritdoc/>
    public DestinationState this[int index] => destinations[index];

    /// <summary>The index in the region of the endpoint that <paramref name="destination"/> stands for; -1 where it is another region's.</summary>
    public int IndexOf(DestinationState destination)
    {
        var at = Array.IndexOf(destinations, destination);
        return at < 0 ? -1 : indexes[at];
    }

    /// <summary>Where the plain requests of <paramref name="destination"/> are counted.</summary>
    public EndpointLoad LoadOf(DestinationState destination) => loads[Array.IndexOf(destinations, destination)];

    /// <summary>
    /// Draws two different destinations by weight and takes the one with fewer requests under way a weight (power of two
    /// choices, Mitzenmacher 2001): near the best balance for two reads, and no herd runs to the one that was idle a moment ago.
    /// </summary>
    /// <param name="random">A random number.</param>
    public DestinationState Pick(ulong random)
    {
        if (destinations.Length == 1) return destinations[0];
        var first = Draw((uint)random, exclude: -1);
        var second = Draw((uint)(random >> 32), exclude: first);
        return Load(second) < Load(first) ? destinations[second] : destinations[first];
    }

    /// <inheritdoc/>
    public IEnumerator<DestinationState> GetEnumerator() => ((IEnumerable<DestinationState>)destinations).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private double Load(int index) => (destinations[index].ConcurrentRequestCount + loads[index].UnderWay + 1) / (double)Weight(index);

    private int Weight(int index) => index == 0 ? weightsUpTo[0] : weightsUpTo[index] - weightsUpTo[index - 1];

    // Without the excluded one, the line of weights is shorter by its weight: a point at or behind it moves on by that much.
    private int Draw(uint random, int exclude)
    {
        var total = weightsUpTo[^1];
        var left = exclude < 0 ? total : total - Weight(exclude);
        var point = (int)(((ulong)random * (ulong)left) >> 32);
        if (exclude >= 0 && point >= weightsUpTo[exclude] - Weight(exclude)) point += Weight(exclude);
        var index = 0;
        while (weightsUpTo[index] <= point) index++;
        return index;
    }
}
