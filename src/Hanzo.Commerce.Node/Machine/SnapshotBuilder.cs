using System.Collections.Immutable;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>Makes a state of the rows of a snapshot, which come in the order in which <see cref="Snapshot"/> writes them.</summary>
internal sealed class SnapshotBuilder
{
    private readonly List<KeyValuePair<string, StockItem>> _stock = [];
    private readonly PackedTable<Reservation> _reservations = InventoryState.NoReservations();
    private readonly List<string> _openReservations = [];
    private readonly List<KeyValuePair<string, HeldPart>> _parts = [];
    private readonly List<KeyValuePair<string, Order>> _orders = [];
    private readonly List<Payment> _payments = [];
    private readonly List<WebhookEndpoint> _endpoints = [];
    private readonly List<WebhookDelivery> _deliveries = [];
    private readonly List<string> _overdueParts = [];
    private readonly DeadlineHeap _deadlines = new();
    private readonly IdempotencyState _keys = new();

    /// <summary>One of the reservations that came so far, by number.</summary>
    public Reservation Reservation(int number) => _reservations.At(Known(number, _reservations.Count));

    /// <summary>The key of one of them.</summary>
    public string ReservationKey(int number) => _reservations.KeyAt(Known(number, _reservations.Count));

    public Payment Payment(int number) => Row(_payments, number);

    public Order Order(int number) => Row(_orders, number).Value;

    public void Add(StockItem item) => _stock.Add(new(StockItem.KeyOf(item.Merchant, item.Sku), item));

    public void Add(Reservation reservation)
    {
        var key = Inventory.Reservation.KeyOf(reservation.Merchant, reservation.Id);
        _reservations.Set(key, reservation);
        if (reservation.IsOpen)
            _openReservations.Add(key);
    }

    public void Add(HeldPart part) => _parts.Add(new(Inventory.Reservation.KeyOf(part.Merchant, part.ReservationId), part));

    public void Add(Deadline deadline) => _deadlines.Add(deadline);

    public void Add(KeyRecord record) => _keys.Add(record);

    public void Add(SnapshotRow row)
    {
        switch (row)
        {
            case StockRow stock:
                Add(stock.Item);
                break;
            case ReservationRow reservation:
                Add(reservation.Reservation);
                break;
            case PartRow part:
                Add(part.Part);
                break;
            case DeadlineRow deadline:
                Add(deadline.Deadline);
                break;
            case OverduePartRow overdue:
                _overdueParts.Add(overdue.Key);
                break;
            case PaymentRow payment:
                _payments.Add(payment.Payment);
                break;
            case OrderRow order:
                _orders.Add(new(Orders.Order.KeyOf(order.Order.Merchant, order.Order.Id), order.Order));
                break;
            case WebhookRow webhook:
                _endpoints.Add(webhook.Endpoint);
                break;
            case DeliveryRow delivery:
                _deliveries.Add(delivery.Delivery);
                break;
            case KeyRow key:
                Add(key.Record);
                break;
            default:
                throw new InvalidDataException($"A {row.GetType().Name} is not a row of the snapshot that may stand where it stands.");
        }
    }

    public CommerceState Build(SnapshotHead head) => new(
        head.Clock,
        new InventoryState(
            new(_stock),
            _reservations,
            new(_parts),
            _deadlines,
            _openReservations.ToImmutableSortedSet(StringComparer.Ordinal),
            _overdueParts.ToImmutableSortedSet(StringComparer.Ordinal)),
        PaymentState.Of(_payments),
        new(_orders),
        WebhookState.Of(_endpoints, _deliveries, head.LastMessage),
        _keys)
    {
        OrdersOfCarts = OrdersOfCarts(),
    };

    /// <summary>Of a cart at most one order is live; which of those that are over stands there makes no difference.</summary>
    private Dictionary<string, string> OrdersOfCarts() => _orders
        .Select(row => row.Value)
        .Where(order => order is { Cart: not null, IsOver: false })
        .ToDictionary(order => Orders.Order.KeyOf(order.Merchant, order.Cart!.Id), order => order.Id, StringComparer.Ordinal);

    private static T Row<T>(List<T> rows, int number) => rows[Known(number, rows.Count)];

    private static int Known(int number, int count) => number < count ? number : throw new InvalidDataException($"Row {number} of the snapshot is meant and was not told before.");
}
