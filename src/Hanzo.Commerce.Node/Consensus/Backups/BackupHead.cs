using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Consensus.Backups;

/// <summary>What a backup says of itself.</summary>
/// <param name="Version">Of the format. A program refuses one that it does not know.</param>
/// <param name="Cluster">Whose state it is.</param>
/// <param name="Node">Which node wrote it.</param>
/// <param name="At">The instant of the states, by that node's clock.</param>
/// <param name="Shards">In order of their numbers.</param>
internal sealed record BackupHead(int Version, string Cluster, string Node, DateTimeOffset At, ImmutableArray<BackupShard> Shards)
{
    public const int Known = 1;
}

/// <summary>A shard's part of a backup.</summary>
/// <param name="Index">The last entry that is in its state.</param>
/// <param name="Bytes">Octets of its snapshot.</param>
internal sealed record BackupShard(long Index, long Term, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BackupHead))]
internal sealed partial class BackupJson : JsonSerializerContext;
