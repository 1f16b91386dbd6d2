using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// A state as a stream of lines: a head, a row each, and an end that counts them. Made, it holds the rows of that moment;
/// nobody may change the state's tables until then, and anybody may afterwards.
/// </summary>
internal sealed class Snapshot(CommerceState state)
{
    private const int Version = 1;

    private readonly SnapshotHead _head = new(Version, state.Clock, state.Webhooks.LastNumber);
    private readonly KeyValuePair<string, StockItem>[] _stock = state.Inventory.Stock.Copy();
    private readonly KeyValuePair<string, Reservation>[] _reservations = state.Inventory.Reservations.Copy();
    private readonly KeyValuePair<string, HeldPart>[] _parts = state.Inventory.Parts.Copy();
    private readonly Deadline[] _deadlines = [.. state.Inventory.Deadlines.UnorderedItems.Select(due => due.Element)];
    private readonly ImmutableSortedSet<string> _overdueParts = state.Inventory.OverdueParts;
    private readonly KeyValuePair<string, Payment>[] _payments = state.Payments.All.Copy();
    private readonly KeyValuePair<string, Order>[] _orders = state.Orders.Copy();
    private readonly KeyValuePair<string, WebhookEndpoint>[] _webhooks = state.Webhooks.Endpoints.Copy();
    private readonly KeyValuePair<string, WebhookDelivery>[] _deliveries = state.Webhooks.Deliveries.Copy();
    private readonly KeyRecord[] _keys = state.Keys.Copy();

    public void Save(Stream to)
    {
        long rows = 0;
        foreach (var row in Rows().Prepend(_head))
        {
            Write(row, to);
            rows++;
        }
        Write(new SnapshotEnd(rows), to);
    }

    /// <exception cref="InvalidDataException">It is cut off, or another program's.</exception>
    public static CommerceState Load(Stream from)
    {
        var rows = new List<SnapshotRow>();
        SnapshotLines.Read(from, line => rows.Add(JsonSerializer.Deserialize(line, MachineJson.Context.SnapshotRow) ?? throw new InvalidDataException("A line of the snapshot is empty.")));
        if (rows is not [SnapshotHead { Version: Version } head, .., SnapshotEnd end] || end.Rows != rows.Count - 1)
            throw new InvalidDataException($"This is no whole snapshot of version {Version}.");
        return StateOf(head, rows);
    }

    private IEnumerable<SnapshotRow> Rows() => InOrder(_stock).Select(SnapshotRow (item) => new StockRow(item))
        .Concat(InOrder(_reservations).Select(reservation => new ReservationRow(reservation)))
        .Concat(InOrder(_parts).Select(part => new PartRow(part)))
        .Concat(_deadlines.Order().Select(deadline => new DeadlineRow(deadline)))
        .Concat(_overdueParts.Select(key => new OverduePartRow(key)))
        .Concat(InOrder(_payments).Select(payment => new PaymentRow(payment)))
        .Concat(InOrder(_orders).Select(order => new OrderRow(order)))
        .Concat(InOrder(_webhooks).Select(endpoint => new WebhookRow(endpoint)))
        .Concat(InOrder(_deliveries).Select(delivery => new DeliveryRow(delivery)))
        .Concat(_keys.Select(record => new KeyRow(record)));

    /// <summary>By key, so that replicas that hold the same write the same.</summary>
    private static IEnumerable<T> InOrder<T>(KeyValuePair<string, T>[] rows) => rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Value);

    private static CommerceState StateOf(SnapshotHead head, List<SnapshotRow> rows) => new(
        head.Clock,
        new InventoryState(
            new(rows.OfType<StockRow>().Select(row => KeyValuePair.Create(StockItem.KeyOf(row.Item.Merchant, row.Item.Sku), row.Item))),
            new(rows.OfType<ReservationRow>().Select(row => KeyValuePair.Create(Reservation.KeyOf(row.Reservation.Merchant, row.Reservation.Id), row.Reservation))),
            new(rows.OfType<PartRow>().Select(row => KeyValuePair.Create(Reservation.KeyOf(row.Part.Merchant, row.Part.ReservationId), row.Part))),
            new(rows.OfType<DeadlineRow>().Select(row => (row.Deadline, row.Deadline))),
            rows.OfType<ReservationRow>().Where(row => row.Reservation.IsOpen)
                .Select(row => Reservation.KeyOf(row.Reservation.Merchant, row.Reservation.Id)).ToImmutableSortedSet(StringComparer.Ordinal),
            rows.OfType<OverduePartRow>().Select(row => row.Key).ToImmutableSortedSet(StringComparer.Ordinal)),
        PaymentState.Of(rows.OfType<PaymentRow>().Select(row => row.Payment)),
        new(rows.OfType<OrderRow>().Select(row => KeyValuePair.Create(Order.KeyOf(row.Order.Merchant, row.Order.Id), row.Order))),
        WebhookState.Of(rows.OfType<WebhookRow>().Select(row => row.Endpoint), rows.OfType<DeliveryRow>().Select(row => row.Delivery), head.LastMessage),
        new(rows.OfType<KeyRow>().Select(row => row.Record)))
    {
        OrdersOfCarts = OrdersOfCarts(rows.OfType<OrderRow>().Select(row => row.Order)),
    };

    /// <summary>Of a cart at most one order is live; which of those that are over stands there makes no difference.</summary>
    private static Dictionary<string, string> OrdersOfCarts(IEnumerable<Order> orders) => orders
        .Where(order => order is { Cart: not null, IsOver: false })
        .ToDictionary(order => Order.KeyOf(order.Merchant, order.Cart!.Id), order => order.Id, StringComparer.Ordinal);

    private static void Write(SnapshotRow row, Stream to)
    {
        JsonSerializer.Serialize(to, row, MachineJson.Context.SnapshotRow);
        to.WriteByte((byte)'\n');
    }
}
