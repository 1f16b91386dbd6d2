using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>One line of a snapshot. The names are part of the format.</summary>
[JsonDerivedType(typeof(SnapshotHead), "head")]
[JsonDerivedType(typeof(StockRow), "stock")]
[JsonDerivedType(typeof(ReservationRow), "reservation")]
[JsonDerivedType(typeof(PartRow), "part")]
[JsonDerivedType(typeof(DeadlineRow), "deadline")]
[JsonDerivedType(typeof(OverduePartRow), "overdue_part")]
[JsonDerivedType(typeof(PaymentRow), "payment")]
[JsonDerivedType(typeof(OrderRow), "order")]
[JsonDerivedType(typeof(WebhookRow), "webhook")]
[JsonDerivedType(typeof(DeliveryRow), "delivery")]
[JsonDerivedType(typeof(KeyRow), "key")]
[JsonDerivedType(typeof(SnapshotEnd), "end")]
internal abstract record SnapshotRow;

/// <summary>The first line.</summary>
/// <param name="Version">Of the format. A program refuses one that it does not know.</param>
/// <param name="LastMessage">The number of the last message to webhooks.</param>
internal sealed record SnapshotHead(int Version, DateTimeOffset Clock, long LastMessage = 0) : SnapshotRow;

internal sealed record StockRow(StockItem Item) : SnapshotRow;

internal sealed record ReservationRow(Reservation Reservation) : SnapshotRow;

internal sealed record PartRow(HeldPart Part) : SnapshotRow;

internal sealed record DeadlineRow(Deadline Deadline) : SnapshotRow;

internal sealed record OverduePartRow(string Key) : SnapshotRow;

internal sealed record PaymentRow(Payment Payment) : SnapshotRow;

internal sealed record OrderRow(Order Order) : SnapshotRow;

internal sealed record WebhookRow(WebhookEndpoint Endpoint) : SnapshotRow;

internal sealed record DeliveryRow(WebhookDelivery Delivery) : SnapshotRow;

internal sealed record KeyRow(KeyRecord Record) : SnapshotRow;

/// <summary>The last line: without it the snapshot is cut off.</summary>
internal sealed record SnapshotEnd(long Rows) : SnapshotRow;
