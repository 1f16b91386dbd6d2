using System.Collections.Immutable;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// A state as a stream: magic (4 octets), a head, rows one after another, and an end that counts them. A row begins with its
/// kind. Those of which there may be millions are written by <see cref="SnapshotCodec"/>, all others and the head as JSON.
///
/// Made, it holds the rows of that moment; nobody may change the state's tables until then, and anybody may afterwards.
/// </summary>
internal sealed class Snapshot(CommerceState state)
{
    private const int Version = 2;

    private readonly SnapshotHead _head = new(Version, state.Clock, state.Webhooks.LastNumber);
    private readonly IEnumerable<KeyValuePair<string, StockItem>> _stock = state.Inventory.Stock.Hold();
    private readonly PackedTable<Reservation>.Moment _reservations = state.Inventory.Reservations.Hold();
    private readonly IEnumerable<KeyValuePair<string, HeldPart>> _parts = state.Inventory.Parts.Hold();
    private readonly IEnumerable<Deadline> _deadlines = state.Inventory.Deadlines.Hold();
    private readonly ImmutableSortedSet<string> _overdueParts = state.Inventory.OverdueParts;
    private readonly IEnumerable<KeyValuePair<string, Payment>> _payments = state.Payments.All.Hold();
    private readonly IEnumerable<KeyValuePair<string, Order>> _orders = state.Orders.Hold();
    private readonly IEnumerable<KeyValuePair<string, WebhookEndpoint>> _webhooks = state.Webhooks.Endpoints.Hold();
    private readonly IEnumerable<KeyValuePair<string, WebhookDelivery>> _deliveries = state.Webhooks.Deliveries.Hold();
    private readonly IEnumerable<KeyRecord> _keys = state.Keys.Hold();

    private enum Kind : byte
    {
        End,
        Stock,
        Reservation,
        Part,
        Deadline,
        Key,
        Other,
    }

    private static ReadOnlySpan<byte> Magic => "HZST"u8;

    public void Save(Stream to)
    {
        to.Write(Magic);
        var writer = new RowWriter(to);
        writer.Json<SnapshotRow>(_head, MachineJson.Context.SnapshotRow);
        var rows = Write(writer, Kind.Stock, InOrder(_stock), item => SnapshotCodec.Write(writer, item.Value));
        var reservations = _reservations.Rows.InOrder();
        var numbers = new RowNumbers(_reservations.Rows, reservations);
        rows += Write(writer, Kind.Reservation, reservations, reservation => SnapshotCodec.Write(writer, _reservations[reservation]));
        rows += Write(writer, Kind.Part, InOrder(_parts), part => SnapshotCodec.Write(writer, part.Value));
        rows += Write(writer, Kind.Deadline, _deadlines, deadline => SnapshotCodec.Write(writer, deadline, numbers));
        rows += Write(writer, _overdueParts, key => new OverduePartRow(key));
        var payments = InOrder(_payments);
        numbers.Add(payments);
        rows += Write(writer, payments, payment => new PaymentRow(payment.Value));
        var orders = InOrder(_orders);
        numbers.Add(orders);
        rows += Write(writer, orders, order => new OrderRow(order.Value));
        rows += Write(writer, InOrder(_webhooks), endpoint => new WebhookRow(endpoint.Value));
        rows += Write(writer, InOrder(_deliveries), delivery => new DeliveryRow(delivery.Value));
        rows += Write(writer, Kind.Key, _keys, record => SnapshotCodec.Write(writer, record, numbers));
        writer.Octet((byte)Kind.End);
        writer.Number(rows);
        writer.Flush();
    }

    /// <exception cref="InvalidDataException">It is cut off, or another program's.</exception>
    public static CommerceState Load(Stream from)
    {
        var reader = new RowReader(from);
        if (!reader.Begins(Magic))
            return SnapshotLines.Load(reader);
        if (reader.Json(MachineJson.Context.SnapshotRow) is not SnapshotHead { Version: Version } head)
            throw new InvalidDataException($"This is no snapshot of version {Version}.");
        var rows = new SnapshotBuilder();
        long count = 0;
        for (var kind = (Kind)reader.Octet(); kind != Kind.End; kind = (Kind)reader.Octet(), count++)
            Read(kind, reader, rows);
        if (reader.Number() != count || !reader.IsAtEnd)
            throw new InvalidDataException("The end of the snapshot does not fit what is before it.");
        return rows.Build(head);
    }

    private static void Read(Kind kind, RowReader from, SnapshotBuilder rows)
    {
        switch (kind)
        {
            case Kind.Stock:
                rows.Add(SnapshotCodec.ReadStock(from));
                break;
            case Kind.Reservation:
                rows.Add(SnapshotCodec.ReadReservation(from));
                break;
            case Kind.Part:
                rows.Add(SnapshotCodec.ReadPart(from));
                break;
            case Kind.Deadline:
                rows.Add(SnapshotCodec.ReadDeadline(from, rows));
                break;
            case Kind.Key:
                rows.Add(SnapshotCodec.ReadKey(from, rows));
                break;
            case Kind.Other:
                rows.Add(from.Json(MachineJson.Context.SnapshotRow));
                break;
            default:
                throw new InvalidDataException($"A row of the snapshot is of kind {(byte)kind}, which this program does not know.");
        }
    }

    /// <summary>By key, so that replicas that hold the same write the same.</summary>
    private static KeyValuePair<string, T>[] InOrder<T>(IEnumerable<KeyValuePair<string, T>> rows)
    {
        var ordered = rows.ToArray();
        Array.Sort(ordered, (one, other) => string.CompareOrdinal(one.Key, other.Key));
        return ordered;
    }

    private static long Write<T>(RowWriter to, Kind kind, IEnumerable<T> rows, Action<T> write)
    {
        long count = 0;
        foreach (var row in rows)
        {
            to.Octet((byte)kind);
            write(row);
            to.EndRow();
            count++;
        }
        return count;
    }

    private static long Write<T>(RowWriter to, IEnumerable<T> rows, Func<T, SnapshotRow> wrap) =>
        Write(to, Kind.Other, rows, row => to.Json(wrap(row), MachineJson.Context.SnapshotRow));
}
