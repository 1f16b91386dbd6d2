using System.Collections.Immutable;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>
/// Clients that get the same answer. Either the regions of that answer in their order, or, where a tie band spreads clients by
/// weight, the question that is asked anew for each of their networks.
/// </summary>
/// <param name="Regions">Region indexes, first choice first; empty where nothing may serve them.</param>
/// <param name="IsSpread">Whether a tie band, or a region that carries a part of its clients, chooses for each network apart.</param>
/// <param name="Place">The place to ask for, where <paramref name="IsSpread"/>.</param>
/// <param name="Network">The network rule to ask for, where <paramref name="IsSpread"/>.</param>
internal sealed record RankingClass(ImmutableArray<byte> Regions, bool IsSpread, int Place, int Network)
{
    public bool Equals(RankingClass? other) =>
        other is not null && IsSpread == other.IsSpread && Place == other.Place && Network == other.Network && Regions.AsSpan().SequenceEqual(other.Regions.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(IsSpread);
        hash.Add(Place);
        hash.Add(Network);
        hash.AddBytes(Regions.AsSpan());
        return hash.ToHashCode();
    }
}
