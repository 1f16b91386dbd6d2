using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Consensus.Operating;

/// <summary>What an operator's wish makes a node ask of the leader of a shard.</summary>
[JsonDerivedType(typeof(HoldOrder), "hold")]
[JsonDerivedType(typeof(ReleaseOrder), "release")]
internal abstract record LeaderOrder;

/// <summary>Take no commands for a while.</summary>
/// <param name="Token">Whose wish it is.</param>
internal sealed record HoldOrder(string Token, TimeSpan AtMost) : LeaderOrder;

/// <summary>Take commands again, and tell whether none was taken meanwhile, by anybody.</summary>
internal sealed record ReleaseOrder(string Token) : LeaderOrder;

/// <summary>What a leader says to an order.</summary>
/// <param name="Why">Why it was not done.</param>
internal sealed record OrderAnswer(bool IsDone, long Index = 0, long Term = 0, string? Why = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LeaderOrder))]
[JsonSerializable(typeof(OrderAnswer))]
internal sealed partial class OrderJson : JsonSerializerContext;
