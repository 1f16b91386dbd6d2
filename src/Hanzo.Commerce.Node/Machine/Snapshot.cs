using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>A state as a stream of lines: a head, a row each, and an end that counts them.</summary>
internal static class Snapshot
{
    private const int Version = 1;

    public static void Save(CommerceState state, Stream to)
    {
        long rows = 0;
        foreach (var row in RowsOf(state).Prepend(new SnapshotHead(Version, state.Clock, state.Webhooks.LastNumber)))
        {
            Write(row, to);
            rows++;
        }
        Write(new SnapshotEnd(rows), to);
    }

    /// <exception cref="InvalidDataException">It is cut off, or another program's.</exception>
    public static CommerceState Load(Stream from)
    {
        using var reader = new StreamReader(from, leaveOpen: true);
        var rows = new List<SnapshotRow>();
        while (reader.ReadLine() is { } line)
            rows.Add(JsonSerializer.Deserialize(line, MachineJson.Context.SnapshotRow) ?? throw new InvalidDataException("A line of the snapshot is empty."));
        if (rows is not [SnapshotHead { Version: Version } head, .., SnapshotEnd end] || end.Rows != rows.Count - 1)
            throw new InvalidDataException($"This is no whole snapshot of version {Version}.");
        return StateOf(head, rows);
    }

    private static IEnumerable<SnapshotRow> RowsOf(CommerceState state) => state.Inventory.Stock.Rows.Select(row => (SnapshotRow)new StockRow(row.Value))
        .Concat(state.Inventory.Reservations.Rows.Select(row => new ReservationRow(row.Value)))
        .Concat(state.Inventory.Parts.Rows.Select(row => new PartRow(row.Value)))
        .Concat(state.Inventory.Deadlines.Select(deadline => new DeadlineRow(deadline)))
        .Concat(state.Inventory.OverdueParts.Select(key => new OverduePartRow(key)))
        .Concat(state.Payments.All.Rows.Select(row => new PaymentRow(row.Value)))
        .Concat(state.Orders.Rows.Select(row => new OrderRow(row.Value)))
        .Concat(state.Webhooks.Endpoints.Rows.Select(row => new WebhookRow(row.Value)))
        .Concat(state.Webhooks.Deliveries.Rows.Select(row => new DeliveryRow(row.Value)))
        .Concat(state.Keys.Records.Select(record => new KeyRow(record)));

    private static CommerceState StateOf(SnapshotHead head, List<SnapshotRow> rows) => new(
        head.Clock,
        new InventoryState(
            Table<StockItem>.Of(rows.OfType<StockRow>().Select(row => KeyValuePair.Create(StockItem.KeyOf(row.Item.Merchant, row.Item.Sku), row.Item))),
            Table<Reservation>.Of(rows.OfType<ReservationRow>().Select(row => KeyValuePair.Create(Reservation.KeyOf(row.Reservation.Merchant, row.Reservation.Id), row.Reservation))),
            Table<HeldPart>.Of(rows.OfType<PartRow>().Select(row => KeyValuePair.Create(Reservation.KeyOf(row.Part.Merchant, row.Part.ReservationId), row.Part))),
            [.. rows.OfType<DeadlineRow>().Select(row => row.Deadline)],
            rows.OfType<ReservationRow>().Where(row => row.Reservation.IsOpen)
                .Select(row => Reservation.KeyOf(row.Reservation.Merchant, row.Reservation.Id)).ToImmutableSortedSet(StringComparer.Ordinal),
            rows.OfType<OverduePartRow>().Select(row => row.Key).ToImmutableSortedSet(StringComparer.Ordinal)),
        PaymentState.Of(rows.OfType<PaymentRow>().Select(row => row.Payment)),
        Table<Order>.Of(rows.OfType<OrderRow>().Select(row => KeyValuePair.Create(Order.KeyOf(row.Order.Merchant, row.Order.Id), row.Order))),
        WebhookState.Of(rows.OfType<WebhookRow>().Select(row => row.Endpoint), rows.OfType<DeliveryRow>().Select(row => row.Delivery), head.LastMessage),
        IdempotencyState.Of(rows.OfType<KeyRow>().Select(row => row.Record)))
    {
        OrdersOfCarts = OrdersOfCarts(rows.OfType<OrderRow>().Select(row => row.Order)),
    };

    /// <summary>Of a cart at most one order is live; which of those that are over stands there makes no difference.</summary>
    private static ImmutableDictionary<string, string> OrdersOfCarts(IEnumerable<Order> orders) => orders
        .Where(order => order is { Cart: not null, IsOver: false })
        .ToImmutableDictionary(order => Order.KeyOf(order.Merchant, order.Cart!.Id), order => order.Id, StringComparer.Ordinal);

    private static void Write(SnapshotRow row, Stream to)
    {
        JsonSerializer.Serialize(to, row, MachineJson.Context.SnapshotRow);
        to.WriteByte((byte)'\n');
    }
}
