using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>
/// Client address → the clients that get the same answer as this one, and how far around it they reach. Prepared over the whole
/// address space whenever health, topology or places change: every place is decided once, neighbouring networks with the same
/// outcome become one, and what is left is both the fastest look-up and the widest true ECS scope.
/// </summary>
internal sealed class RankingMap
{
    private readonly NetworkMap<uint> ipv4;
    private readonly NetworkMap<UInt128> ipv6;

    private RankingMap(NetworkMap<uint> ipv4, NetworkMap<UInt128> ipv6, ImmutableArray<RankingClass> classes) =>
        (this.ipv4, this.ipv6, Classes) = (ipv4, ipv6, classes);

    /// <summary>The classes; what the map finds is an index here.</summary>
    public ImmutableArray<RankingClass> Classes { get; }

    /// <summary>Prefixes held, both families.</summary>
    public int Count => ipv4.Count + ipv6.Count;

    /// <summary>Decides for every place and network rule.</summary>
    /// <param name="world">What decides.</param>
    /// <param name="segments">The address space cut where place or network rule change.</param>
    /// <param name="profile">What the answers need of a decision.</param>
    public static RankingMap Prepare(SteeringWorld world, SteeredSegments segments, SteeredProfile profile)
    {
        var classes = new List<RankingClass>();
        var numbers = new Dictionary<RankingClass, int>();
        var decided = new Dictionary<(int Place, int Network), int>();
        var candidates = new Candidate[world.Topology.Regions.Length];

        var v4 = Number(segments.IPv4, static first => (uint)first);
        var v6 = Number(segments.IPv6, static first => first);
        return new(new(CollectionsMarshal.AsSpan(v4)), new(CollectionsMarshal.AsSpan(v6)), [.. classes]);

        List<(T, int)> Number<T>(IEnumerable<SteeredSegment> from, Func<UInt128, T> key)
        {
            var runs = new List<(T, int Number)>();
            var (place, network, number) = (-1, -1, -1);
            foreach (var segment in from)
            {
                if (segment.Place != place || segment.Network != network)
                {
                    (place, network) = (segment.Place, segment.Network);
                    number = ClassOf(place, network);
                }

                if (runs.Count == 0 || runs[^1].Number != number || segment.StandsAlone) runs.Add((key(segment.First), number));
            }

            return runs;
        }

        int ClassOf(int place, int network)
        {
            if (decided.TryGetValue((place, network), out var number)) return number;
            var ranking = profile.Rank(world, place, network, candidates);
            if (!numbers.TryGetValue(ranking, out number))
            {
                number = classes.Count;
                numbers.Add(ranking, number);
                classes.Add(ranking);
            }

            decided.Add((place, network), number);
            return number;
        }
    }

    /// <summary>The class of <paramref name="client"/> and the leading bits of its address that all of them share. Allocates nothing.</summary>
    public RankingMatch Find(ClientKey client)
    {
        if (client.IsIPv4)
        {
            var mapped = ipv4.Find(client.IPv4);
            return new(mapped.Number, mapped.PrefixLength, 0, 32);
        }

        var isEmbedded = EmbeddedIPv4.TryFind(client, out var embedded, out var leading);
        if (isEmbedded && EmbeddedIPv4.IsPublic(embedded))
        {
            var inner = ipv4.Find(embedded);
            return new(inner.Number, inner.PrefixLength, leading, 32);
        }

        var found = ipv6.Find(client.Value);
        // Beside an address that none can have there may be one that is located by its own.
        return new(found.Number, isEmbedded ? leading + 32 : found.PrefixLength, 0, 128);
    }
}

/// <summary>What was found for a client.</summary>
/// <param name="Class">Index of the class.</param>
/// <param name="PrefixLength">Bits of the prefix inside the address that places the client.</param>
/// <param name="Leading">Bits before that address, where it is embedded in another.</param>
/// <param name="AddressBits">Bits of the address that places the client.</param>
internal readonly record struct RankingMatch(int Class, int PrefixLength, int Leading, int AddressBits);
