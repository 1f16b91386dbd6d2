using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>What two nodes tell each other first on a connection.</summary>
/// <param name="Cluster">Nodes of two clusters never mix.</param>
/// <param name="Shards">How many the key space is split into.</param>
/// <param name="Id">The sender's id as a member.</param>
/// <param name="Founders">The ids that the cluster was founded with; empty as long as the sender does not know.</param>
internal sealed record Hello(string Cluster, int Shards, string Id, string Region, ImmutableArray<string> Founders)
{
    /// <summary>Why the sender ends the connection; null when it does not.</summary>
    public string? Refusal { get; init; }

    public byte[] Encode() => Encoding.UTF8.GetBytes(string.Join('\n', Cluster, Shards.ToString(CultureInfo.InvariantCulture), Id, Region, string.Join(' ', Founders), Refusal ?? ""));

    /// <summary>Null where it cannot be read.</summary>
    public static Hello? Decode(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content).Split('\n') is [var cluster, var shards, var id, var region, var founders, var refusal]
        && int.TryParse(shards, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && id.Contains('@')
        ? new Hello(cluster, count, id, region, [.. founders.Split(' ', StringSplitOptions.RemoveEmptyEntries)]) { Refusal = refusal.Length == 0 ? null : refusal }
        : null;
}
