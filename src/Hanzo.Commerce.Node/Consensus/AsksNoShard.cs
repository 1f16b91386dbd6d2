namespace Hanzo.Commerce.Node.Consensus;

/// <summary>
/// Marks routes that are answered without a shard: what follows a request to its shards (<see cref="LeaderNote"/>,
/// <see cref="Sight"/>) is not begun for them, and would have to be carried past every wait.
/// </summary>
internal sealed class AsksNoShard
{
    public static AsksNoShard Mark { get; } = new();

    /// <summary>Whether the request was found to be of such a route.</summary>
    public static bool Is(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AsksNoShard>() is not null;
}
