using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>The address space cut wherever a client's place or its most specific network rule changes.</summary>
internal sealed record SteeredSegments(ImmutableArray<SteeredSegment> IPv4, ImmutableArray<SteeredSegment> IPv6)
{
    /// <summary>Lays the rules of <paramref name="world"/> over <paramref name="networks"/>.</summary>
    public static SteeredSegments Of(SteeringWorld world, PlacedNetworks networks)
    {
        var cuts = new SortedSet<UInt128>();
        foreach (var rule in world.Topology.Policy.Networks)
        {
            var (first, last) = Bounds(rule.Network);
            cuts.Add(first);
            if (last != UInt128.MaxValue) cuts.Add(last + 1);
        }

        return new(Cut(networks.IPv4, cuts, world), Cut(networks.IPv6, cuts, world));
    }

    private static ImmutableArray<SteeredSegment> Cut(PlacedRun[] runs, SortedSet<UInt128> cuts, SteeringWorld world)
    {
        if (cuts.Count == 0) return [.. runs.Select(run => new SteeredSegment(run.First, run.Place, -1))];
        var segments = ImmutableArray.CreateBuilder<SteeredSegment>(runs.Length);
        for (var i = 0; i < runs.Length; i++)
        {
            var first = runs[i].First;
            var last = i + 1 < runs.Length ? runs[i + 1].First - 1 : UInt128.MaxValue;
            Add(first, runs[i].Place);
            if (first == last) continue;
            foreach (var cut in cuts.GetViewBetween(first + 1, last)) Add(cut, runs[i].Place);
        }

        return segments.ToImmutable();

        void Add(UInt128 first, int place) => segments.Add(new(first, place, world.Networks.Find(new(first))));
    }

    private static (UInt128 First, UInt128 Last) Bounds(IPNetwork network)
    {
        var first = ClientKey.Of(network.BaseAddress).Value;
        var host = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        return (first, host == 128 ? UInt128.MaxValue : first | ((UInt128.One << host) - 1));
    }
}

/// <summary>Addresses from <paramref name="First"/> up to the next segment: one place, one most specific network rule (-1 for none).</summary>
internal readonly record struct SteeredSegment(UInt128 First, int Place, int Network);
