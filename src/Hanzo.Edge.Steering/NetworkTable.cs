using System.Collections.Immutable;

namespace Hanzo.Edge.Steering;

/// <summary>Finds the most specific configured network of an address.</summary>
public sealed class NetworkTable
{
    /// <summary>Prepares the lookup of <paramref name="rules"/>.</summary>
    public NetworkTable(ImmutableArray<NetworkRule> rules) => throw new NotImplementedException(rules.Length.ToString());

    /// <summary>The index in the rules of the longest prefix that holds <paramref name="client"/>, or -1. Allocates nothing.</summary>
    public int Find(ClientKey client) => throw new NotImplementedException(client.ToString());
}
