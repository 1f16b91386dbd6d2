namespace Hanzo.Commerce.Node.Machine;

/// <summary>What a command makes of a state: the state after it and what to tell.</summary>
/// <param name="Key">The idempotency key of an earlier command that this one answers as well, or null.</param>
internal readonly record struct Step<TState>(TState State, Reply Reply, string? Key = null);
