namespace Hanzo.Drills.Worlds;

/// <summary>What is different about the nodes of one world.</summary>
/// <param name="Apart">Whether they know nothing of each other.</param>
/// <param name="Clocks">The clocks that can be moved, by the name of the node.</param>
/// <param name="Gateways">The file of gateways for a region.</param>
internal sealed record NodeSettings(bool Apart, IReadOnlyDictionary<string, FalseClock> Clocks, Func<string, string> Gateways);
