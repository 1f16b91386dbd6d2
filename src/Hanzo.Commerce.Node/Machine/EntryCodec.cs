using System.Text.Json;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Entries and results as bytes. Those of which there are most are written member by member, behind an octet that says what
/// they are; all others are JSON, which begins with a brace and in which every entry was written before. Both are read for good: a
/// member that is added to one of these takes another octet. A result is written as its entry was.
/// </summary>
internal static class EntryCodec
{
    /// <summary>More than most entries and results take.</summary>
    private const int Capacity = 256;

    /// <summary>What follows. The numbers are part of the log's format and never change; none is a brace.</summary>
    private enum Kind : byte
    {
        Reserve = 1,
        Commit = 2,
        Release = 3,
        Reservation = 4,
    }

    public static ReadOnlyMemory<byte> Write(Entry entry)
    {
        switch (entry.Command)
        {
            case Reserve reserve:
                var to = Begin(Kind.Reserve, entry.Key);
                to.Text(reserve.Id);
                to.Word(reserve.Merchant);
                SnapshotCodec.Write(to, reserve.Here);
                SnapshotCodec.Write(to, reserve.Elsewhere);
                to.Number(reserve.Hold.Ticks);
                to.Text(reserve.Order);
                return to.Written;
            case CommitReservation commit:
                return WriteEnd(Kind.Commit, entry.Key, commit.Merchant, commit.Id, commit.Order);
            case ReleaseReservation release:
                return WriteEnd(Kind.Release, entry.Key, release.Merchant, release.Id, release.Order);
            default:
                return JsonSerializer.SerializeToUtf8Bytes(entry, MachineJson.Context.Entry);
        }
    }

    /// <exception cref="InvalidDataException">It is damaged, or of a later program.</exception>
    /// <exception cref="JsonException">The same.</exception>
    public static Entry ReadEntry(ReadOnlySpan<byte> bytes)
    {
        if (IsJson(bytes))
            return JsonSerializer.Deserialize(bytes, MachineJson.Context.Entry)!;
        var from = new RowReader(bytes);
        var kind = (Kind)from.Octet();
        var key = from.OptionalText() is { } id ? new KeyUse(id, from.Text()) : null;
        Command command = kind switch
        {
            Kind.Reserve => new Reserve(from.Text(), from.Word(), SnapshotCodec.ReadLines(from), SnapshotCodec.ReadPlans(from), TimeSpan.FromTicks(from.Number()), from.OptionalText()),
            Kind.Commit => new CommitReservation(from.Word(), from.Text(), from.OptionalText()),
            Kind.Release => new ReleaseReservation(from.Word(), from.Text(), from.OptionalText()),
            _ => throw Unknown(kind),
        };
        return End(from, new Entry(command, key));
    }

    /// <param name="entry">The bytes of the entry: who wrote it so can read a result that is written so.</param>
    public static ReadOnlyMemory<byte> Write(Result result, ReadOnlySpan<byte> entry)
    {
        if (IsJson(entry) || result.Reply is not ReservationReply { Reservation: var reservation })
            return JsonSerializer.SerializeToUtf8Bytes(result, MachineJson.Context.Result);
        var to = new RowWriter(Capacity);
        to.Octet((byte)Kind.Reservation);
        to.Octet(result.Repeated ? (byte)1 : (byte)0);
        SnapshotCodec.Write(to, reservation);
        return to.Written;
    }

    public static Result ReadResult(ReadOnlySpan<byte> bytes)
    {
        if (IsJson(bytes))
            return JsonSerializer.Deserialize(bytes, MachineJson.Context.Result)!;
        var from = new RowReader(bytes);
        if ((Kind)from.Octet() is var kind and not Kind.Reservation)
            throw Unknown(kind);
        var isRepeated = from.Octet() != 0;
        return End(from, new Result(new ReservationReply(SnapshotCodec.ReadReservation(from)), isRepeated));
    }

    private static ReadOnlyMemory<byte> WriteEnd(Kind kind, KeyUse? key, string merchant, string id, string? order)
    {
        var to = Begin(kind, key);
        to.Word(merchant);
        to.Text(id);
        to.Text(order);
        return to.Written;
    }

    private static RowWriter Begin(Kind kind, KeyUse? key)
    {
        var to = new RowWriter(Capacity);
        to.Octet((byte)kind);
        to.Text(key?.Id);
        if (key is not null)
            to.Text(key.Fingerprint);
        return to;
    }

    private static T End<T>(RowReader from, T read) => from.IsAtEnd ? read : throw new InvalidDataException("Something follows where an entry should end.");

    private static bool IsJson(ReadOnlySpan<byte> bytes) => bytes is [(byte)'{', ..];

    private static InvalidDataException Unknown(Kind kind) => new($"An entry or result of kind {(byte)kind} is not known to this program.");
}
