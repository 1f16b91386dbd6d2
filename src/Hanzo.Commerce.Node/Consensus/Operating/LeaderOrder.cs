using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Consensus.Operating;

/// <summary>What an operator's wish makes a node ask of the leader of a shard.</summary>
[JsonDerivedType(typeof(HoldOrder), "hold")]
[JsonDerivedType(typeof(ReleaseOrder), "release")]
[JsonDerivedType(typeof(AddOrder), "add")]
[JsonDerivedType(typeof(RemoveOrder), "remove")]
internal abstract record LeaderOrder;

/// <summary>Take no commands for a while.</summary>
/// <param name="Token">Whose wish it is.</param>
internal sealed record HoldOrder(string Token, TimeSpan AtMost) : LeaderOrder;

/// <summary>Take commands again, and tell whether none was taken meanwhile, by anybody.</summary>
internal sealed record ReleaseOrder(string Token) : LeaderOrder;

/// <summary>Change the members.</summary>
/// <param name="Name">The node's.</param>
internal abstract record MemberOrder(string Name) : LeaderOrder;

internal sealed record AddOrder(string Name) : MemberOrder(Name);

internal sealed record RemoveOrder(string Name) : MemberOrder(Name);

/// <summary>What a leader says to an order.</summary>
/// <param name="Why">Why it was not done, or not yet.</param>
internal sealed record OrderAnswer(bool IsDone, long Index = 0, long Term = 0, string? Why = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LeaderOrder))]
[JsonSerializable(typeof(OrderAnswer))]
[JsonSerializable(typeof(OrderAnswer[]))]
internal sealed partial class OrderJson : JsonSerializerContext;
