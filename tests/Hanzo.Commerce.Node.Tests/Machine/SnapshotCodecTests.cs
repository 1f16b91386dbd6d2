using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>A member that is added to a row and forgotten in the codec would be lost with the next snapshot.</summary>
public sealed class SnapshotCodecTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly Reservation Everything = new(
        "res_ä", "demo", [new Line("MUG", 1), new Line("CUP", 300)], [new PartPlan(2, [new Line("PAN", 1_000_000)])], ReservationStatus.Committed, At, At.AddHours(1), At.AddHours(2))
    {
        Unsettled = [2, 3],
        Refusal = new Refused("insufficient_stock") { Shortages = [new Shortage("MUG", 2, 1)] },
        Key = "key",
        Order = "ord_1",
        ReturnedAt = At.AddDays(1),
    };

    [Fact]
    public void Stock() => Same(new StockItem("demo", "MUG", long.MaxValue, 1, -2, 3, At), SnapshotCodec.Write, SnapshotCodec.ReadStock);

    [Fact]
    public void Reservations() => Same(Everything, SnapshotCodec.Write, SnapshotCodec.ReadReservation);

    [Fact]
    public void Parts() => Same(new HeldPart("res_1", "demo", [new Line("MUG", 1)], PartStatus.Returned), SnapshotCodec.Write, SnapshotCodec.ReadPart);

    [Theory]
    [InlineData("demo/res_ä")]
    [InlineData("demo/another")]
    public void Deadlines(string key)
    {
        var (rows, numbers) = Rows();
        Same(new Deadline(At, DeadlineKind.ForgetPart, key), (to, deadline) => SnapshotCodec.Write(to, deadline, numbers), from => SnapshotCodec.ReadDeadline(from, rows));
    }

    [Fact]
    public void Keys()
    {
        var (rows, numbers) = Rows();
        foreach (var answer in new Reply[] { new ReservationReply(Everything), new ReservationReply(Everything with { Key = null }), Done.It })
            Same(new KeyRecord("key", "fingerprint", At, answer), (to, record) => SnapshotCodec.Write(to, record, numbers), from => SnapshotCodec.ReadKey(from, rows));
    }

    private static (SnapshotBuilder Rows, RowNumbers Numbers) Rows()
    {
        var rows = new SnapshotBuilder();
        rows.Add(Everything);
        var reservations = InventoryState.NoReservations();
        reservations.Set("demo/res_ä", Everything);
        var held = reservations.Hold().Rows;
        return (rows, new RowNumbers(held, held.InOrder()));
    }

    private static void Same<T>(T row, Action<RowWriter, T> write, Func<RowReader, T> read)
    {
        foreach (var member in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.CanWrite && member.GetCustomAttribute<JsonIgnoreAttribute>() is null))
            Assert.False(Equals(member.GetValue(row), member.PropertyType.IsValueType ? Activator.CreateInstance(member.PropertyType) : null), $"{member.Name} has to be set here, and to be written by the codec.");

        using var stream = new MemoryStream();
        var writer = new RowWriter(stream);
        for (var i = 0; i < 2; i++)
            write(writer, row);
        writer.Flush();
        stream.Position = 0;
        var reader = new RowReader(stream);
        // The second time words are known already.
        for (var i = 0; i < 2; i++)
            Assert.Equal(Json(row), Json(read(reader)));
        Assert.True(reader.IsAtEnd);
    }

    private static string Json<T>(T row) => JsonSerializer.Serialize(row, (JsonTypeInfo<T>)MachineJson.Context.GetTypeInfo(typeof(T))!);
}
