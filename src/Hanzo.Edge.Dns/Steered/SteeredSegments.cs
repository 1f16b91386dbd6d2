using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>The address space cut wherever a client's place or its most specific network rule changes.</summary>
internal sealed record SteeredSegments(IEnumerable<SteeredSegment> IPv4, IEnumerable<SteeredSegment> IPv6)
{
    private static readonly UInt128 MappedFirst = ClientKey.Of(0).Value;
    private static readonly UInt128 MappedLast = ClientKey.Of(uint.MaxValue).Value;

    /// <summary>Lays the rules of <paramref name="world"/> over <paramref name="networks"/>.</summary>
    public static SteeredSegments Of(SteeringWorld world, PlacedNetworks networks)
    {
        var cuts = new SortedDictionary<UInt128, bool>();
        foreach (var rule in world.Topology.Policy.Networks) Add(rule.Network, standsAlone: false);
        // Addresses with an IPv4 address inside are located by it: the answers beside them must not reach over them.
        foreach (var network in EmbeddedIPv4.Networks) Add(network, standsAlone: true);
        return new(
            Cut(networks.IPv4, [.. cuts.Where(cut => cut.Key >= MappedFirst && cut.Key <= MappedLast)], world),
            Cut(networks.IPv6, [.. cuts.Where(cut => cut.Key <= MappedFirst || cut.Key > MappedLast)], world));

        void Add(IPNetwork network, bool standsAlone)
        {
            var (first, last) = Bounds(network);
            cuts[first] = standsAlone;
            if (last != UInt128.MaxValue) cuts[last + 1] = standsAlone || cuts.GetValueOrDefault(last + 1);
        }
    }

    private static IEnumerable<SteeredSegment> Cut(IEnumerable<(UInt128 First, int Place)> runs, KeyValuePair<UInt128, bool>[] cuts, SteeringWorld world)
    {
        var (cut, place, rule) = (0, Place.Unknown, -1);
        foreach (var run in runs)
        {
            var standsAlone = false;
            for (; cut < cuts.Length && cuts[cut].Key <= run.First; cut++)
            {
                rule = world.Networks.Find(new(cuts[cut].Key));
                if (cuts[cut].Key < run.First) yield return new(cuts[cut].Key, place, rule, cuts[cut].Value);
                else standsAlone = cuts[cut].Value;
            }

            place = run.Place;
            yield return new(run.First, place, rule, standsAlone);
        }

        for (; cut < cuts.Length; cut++) yield return new(cuts[cut].Key, place, world.Networks.Find(new(cuts[cut].Key)), cuts[cut].Value);
    }

    private static (UInt128 First, UInt128 Last) Bounds(IPNetwork network)
    {
        var first = ClientKey.Of(network.BaseAddress).Value;
        var host = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
        return (first, host == 128 ? UInt128.MaxValue : first | ((UInt128.One << host) - 1));
    }
}

/// <summary>Addresses from <paramref name="First"/> up to the next segment: one place, one most specific network rule (-1 for none).</summary>
/// <param name="First">The first address.</param>
/// <param name="Place">The place id.</param>
/// <param name="Network">The network rule.</param>
/// <param name="StandsAlone">Whether no prefix may reach over its beginning.</param>
internal readonly record struct SteeredSegment(UInt128 First, int Place, int Network, bool StandsAlone);
