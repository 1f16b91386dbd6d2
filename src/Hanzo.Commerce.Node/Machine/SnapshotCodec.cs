using System.Collections.Immutable;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// The rows of which a snapshot has millions, member by member: they are read many times sooner than JSON, and what rows
/// have in common is one object again. A member that is added to one of them makes another version of the format.
/// </summary>
internal static class SnapshotCodec
{
    /// <summary>What a key was answered.</summary>
    private enum Answer : byte
    {
        None,

        /// <summary>The reservation, payment or order as it is in this very snapshot.</summary>
        ThisReservation,
        ThisPayment,
        ThisOrder,

        /// <summary>A reservation as it was.</summary>
        Reservation,
        Other,
    }

    public static void Write(RowWriter to, StockItem item)
    {
        to.Word(item.Merchant);
        to.Word(item.Sku);
        to.Number(item.OnHand);
        to.Number(item.Held);
        to.Number(item.Committed);
        to.Number(item.Version);
        to.Time(item.UpdatedAt);
    }

    public static StockItem ReadStock(RowReader from) =>
        new(from.Word(), from.Word(), from.Number(), from.Number(), from.Number(), from.Number(), from.Time());

    public static void Write(RowWriter to, Reservation reservation)
    {
        to.Text(reservation.Id);
        to.Word(reservation.Merchant);
        Write(to, reservation.Here);
        Write(to, reservation.Elsewhere);
        to.Word(reservation.Status.ToString());
        to.Time(reservation.CreatedAt);
        to.Time(reservation.ExpiresAt);
        to.Time(reservation.UpdatedAt);
        to.Number(reservation.Unsettled.Length);
        foreach (var shard in reservation.Unsettled)
            to.Number(shard);
        Flag(to, reservation.Refusal is not null);
        if (reservation.Refusal is { } refusal)
            to.Json<Reply>(refusal, MachineJson.Context.Reply);
        to.Text(reservation.Key);
        to.Text(reservation.Order);
        Flag(to, reservation.ReturnedAt is not null);
        if (reservation.ReturnedAt is { } returned)
            to.Time(returned);
    }

    public static Reservation ReadReservation(RowReader from) => new(
        from.Text(), from.Word(), ReadLines(from), ReadPlans(from),
        from.Name<ReservationStatus>(), from.Time(), from.Time(), from.Time())
    {
        Unsettled = Many(from, static from => from.Length()),
        Refusal = ReadFlag(from) ? from.Json(MachineJson.Context.Reply) as Refused ?? throw new InvalidDataException("A refusal in the snapshot is none.") : null,
        Key = from.OptionalText(),
        Order = from.OptionalText(),
        ReturnedAt = ReadFlag(from) ? from.Time() : null,
    };

    public static void Write(RowWriter to, HeldPart part)
    {
        to.Text(part.ReservationId);
        to.Word(part.Merchant);
        Write(to, part.Lines);
        to.Word(part.Status.ToString());
    }

    public static HeldPart ReadPart(RowReader from) => new(from.Text(), from.Word(), ReadLines(from), from.Name<PartStatus>());

    /// <param name="reservations">By key.</param>
    public static void Write(RowWriter to, Deadline deadline, RowNumbers reservations)
    {
        to.Time(deadline.At);
        to.Word(deadline.Kind.ToString());
        var row = reservations.OfReservation(deadline.Key);
        to.Number(row + 1 ?? 0);
        if (row is null)
            to.Text(deadline.Key);
    }

    public static Deadline ReadDeadline(RowReader from, SnapshotBuilder rows) => new(from.Time(), from.Name<DeadlineKind>(), ReadReservationKey(from, rows));

    /// <param name="rows">The reservations, payments and orders of the same moment.</param>
    public static void Write(RowWriter to, KeyRecord record, RowNumbers rows)
    {
        WriteAnswer(to, record.Answer, rows);
        // The key of who reserved is a member of the reservation, too.
        var isKnown = record.Answer is ReservationReply { Reservation.Key: { } key } && key == record.Id;
        Flag(to, isKnown);
        if (!isKnown)
            to.Text(record.Id);
        to.Text(record.Fingerprint);
        to.Time(record.At);
    }

    public static KeyRecord ReadKey(RowReader from, SnapshotBuilder rows)
    {
        var answer = ReadAnswer(from, rows);
        var id = ReadFlag(from) ? (answer as ReservationReply)?.Reservation.Key ?? throw new InvalidDataException("A key in the snapshot is missing.") : from.Text();
        return new KeyRecord(id, from.Text(), from.Time(), answer);
    }

    private static string ReadReservationKey(RowReader from, SnapshotBuilder rows) => from.Length() is > 0 and var number ? rows.ReservationKey(number - 1) : from.Text();

    private static void WriteAnswer(RowWriter to, Reply? answer, RowNumbers rows)
    {
        switch (answer)
        {
            case null:
                to.Octet((byte)Answer.None);
                break;
            case ReservationReply reply when rows.Of(reply.Reservation) is { } number:
                to.Octet((byte)Answer.ThisReservation);
                to.Number(number);
                break;
            case PaymentReply reply when rows.Of(reply.Payment) is { } number:
                to.Octet((byte)Answer.ThisPayment);
                to.Number(number);
                break;
            case OrderReply reply when rows.Of(reply.Order) is { } number:
                to.Octet((byte)Answer.ThisOrder);
                to.Number(number);
                break;
            case ReservationReply reply:
                to.Octet((byte)Answer.Reservation);
                Write(to, reply.Reservation);
                break;
            default:
                to.Octet((byte)Answer.Other);
                to.Json(answer, MachineJson.Context.Reply);
                break;
        }
    }

    private static Reply? ReadAnswer(RowReader from, SnapshotBuilder rows) => (Answer)from.Octet() switch
    {
        Answer.None => null,
        Answer.ThisReservation => new ReservationReply(rows.Reservation(from.Length())),
        Answer.ThisPayment => new PaymentReply(rows.Payment(from.Length())),
        Answer.ThisOrder => new OrderReply(rows.Order(from.Length())),
        Answer.Reservation => new ReservationReply(ReadReservation(from)),
        Answer.Other => from.Json(MachineJson.Context.Reply),
        _ => throw new InvalidDataException("An answer in the snapshot is not known."),
    };

    public static void Write(RowWriter to, ImmutableArray<Line> lines)
    {
        to.Number(lines.Length);
        foreach (var line in lines)
        {
            to.Word(line.Sku);
            to.Number(line.Quantity);
        }
    }

    public static ImmutableArray<Line> ReadLines(RowReader from) => Many(from, static from => new Line(from.Word(), from.Number()));

    public static void Write(RowWriter to, ImmutableArray<PartPlan> parts)
    {
        to.Number(parts.Length);
        foreach (var part in parts)
        {
            to.Number(part.Shard);
            Write(to, part.Lines);
        }
    }

    public static ImmutableArray<PartPlan> ReadPlans(RowReader from) => Many(from, static from => new PartPlan(from.Length(), ReadLines(from)));

    private static ImmutableArray<T> Many<T>(RowReader from, Func<RowReader, T> read)
    {
        var left = from.Length();
        if (left == 0)
            return [];
        var many = ImmutableArray.CreateBuilder<T>(Math.Min(left, 128));
        while (left-- > 0)
            many.Add(read(from));
        return many.DrainToImmutable();
    }

    private static void Flag(RowWriter to, bool value) => to.Octet(value ? (byte)1 : (byte)0);

    private static bool ReadFlag(RowReader from) => from.Octet() != 0;
}
