using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Overriding;

/// <summary>What an operator asks for.</summary>
/// <param name="Regions">Region names; <c>*</c> stands for any text and <c>?</c> for any one letter.</param>
/// <param name="Kind">What to force; <see cref="RegionOverride.None"/> takes overrides back.</param>
/// <param name="Reason">Why, for those who find it later. Not empty.</param>
/// <param name="By">Who asks, as far as known.</param>
/// <param name="For">How long it holds. Above 0, at most 72 h; not looked at when overrides are taken back.</param>
/// <param name="Anyway">Whether overrides of several regions at once are meant.</param>
public sealed record OverrideOrder(string Regions, RegionOverride Kind, string Reason, string By, TimeSpan For, bool Anyway = false);

/// <summary>An override that holds.</summary>
/// <param name="Region">Name of the region.</param>
/// <param name="Kind">What is forced.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who asked.</param>
/// <param name="Since">From when.</param>
/// <param name="Until">When it ends by itself.</param>
public sealed record ActiveOverride(string Region, RegionOverride Kind, string Reason, string By, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>The answer to an order.</summary>
/// <param name="Active">The overrides that hold now.</param>
/// <param name="Refusal">The rule that refuses the order and what it says, or null where the order holds.</param>
public sealed record OverrideDecision(ImmutableArray<ActiveOverride> Active, string? Refusal);
