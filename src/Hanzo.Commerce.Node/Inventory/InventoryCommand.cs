using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>What can be told to the inventory of a shard.</summary>
internal abstract record InventoryCommand : Command;

/// <summary>Says how many units are there, for instance after counting them.</summary>
internal sealed record PutStock(string Merchant, string Sku, long OnHand, Condition Condition) : InventoryCommand;

/// <summary>Says how many units came or went.</summary>
internal sealed record AdjustStock(string Merchant, string Sku, long Delta) : InventoryCommand;

/// <summary>Opens a reservation at its home.</summary>
/// <param name="Order">The order that it belongs to, or null; then nobody else ends it.</param>
internal sealed record Reserve(string Id, string Merchant, ImmutableArray<Line> Here, ImmutableArray<PartPlan> Elsewhere, TimeSpan Hold, string? Order = null) : InventoryCommand;

/// <summary>Says to the home that every part is held, or why not.</summary>
internal sealed record DecideReservation(string Merchant, string Id, Refused? Refusal) : InventoryCommand;

internal sealed record CommitReservation(string Merchant, string Id, string? Order = null) : InventoryCommand;

internal sealed record ReleaseReservation(string Merchant, string Id, string? Order = null) : InventoryCommand;

/// <summary>Brings back the units of a committed reservation, because its order was canceled.</summary>
internal sealed record ReturnReservation(string Merchant, string Id, string Order) : InventoryCommand;

/// <summary>Asks a shard to hold its lines for a reservation whose home is elsewhere.</summary>
internal sealed record HoldPart(string Merchant, string ReservationId, ImmutableArray<Line> Lines, DateTimeOffset ExpiresAt) : InventoryCommand;

/// <summary>Tells a shard what the home decided.</summary>
internal sealed record SettlePart(string Merchant, string ReservationId, bool Commit) : InventoryCommand;

/// <summary>Tells a shard that the units of its part come back.</summary>
/// <param name="Lines">Of the part: the shard may have forgotten it.</param>
internal sealed record ReturnPart(string Merchant, string ReservationId, ImmutableArray<Line> Lines) : InventoryCommand;

/// <summary>Tells the home that a shard has heard.</summary>
/// <param name="IsReturn">Whether what it heard is that the units come back.</param>
internal sealed record PartSettled(string Merchant, string Id, int Shard, bool IsReturn = false) : InventoryCommand;
