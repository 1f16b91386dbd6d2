using System.Reflection;
using System.Text;
using System.Text.Json;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>A member that is added to a command and forgotten in the codec would be lost between its client and the log.</summary>
public sealed class EntryCodecTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly KeyUse Key = new("demo /v1 k", "print");
    private static readonly Reservation Held = new("res_1", "demo", [new Line("MUG", 1)], [], ReservationStatus.Held, At, At.AddHours(1), At) { Key = "demo /v1 k" };

    private static readonly Dictionary<string, Entry> Entries = new()
    {
        ["reserve"] = new(new Reserve("res_ä", "demo", [new Line("MUG", 1), new Line("CUP", 300)], [new PartPlan(2, [new Line("PAN", 1_000_000)])], TimeSpan.FromMinutes(15), "ord_1"), Key),
        ["commit"] = new(new CommitReservation("demo", "res_1", "ord_1"), Key),
        ["release"] = new(new ReleaseReservation("demo", "res_1", "ord_1"), Key),
    };

    /// <summary>What lies in logs: the bytes that are written now, and the JSON that all entries were written in before.</summary>
    [Theory]
    [InlineData("reserve", "011664656D6F202F7631206B0C7072696E740E7265735FC3A4000A64656D6F0400084D5547020008435550D804020402000850414E80897A80E88887430C6F72645F31", """{"command":{"$type":"reserve","id":"res_ä","merchant":"demo","here":[{"sku":"MUG","quantity":1},{"sku":"CUP","quantity":300}],"elsewhere":[{"shard":2,"lines":[{"sku":"PAN","quantity":1000000}]}],"hold":"00:15:00","order":"ord_1"},"key":{"id":"demo /v1 k","fingerprint":"print"}}""")]
    [InlineData("commit", "021664656D6F202F7631206B0C7072696E74000A64656D6F0C7265735F310C6F72645F31", """{"command":{"$type":"commit_reservation","merchant":"demo","id":"res_1","order":"ord_1"},"key":{"id":"demo /v1 k","fingerprint":"print"}}""")]
    [InlineData("release", "031664656D6F202F7631206B0C7072696E74000A64656D6F0C7265735F310C6F72645F31", """{"command":{"$type":"release_reservation","merchant":"demo","id":"res_1","order":"ord_1"},"key":{"id":"demo /v1 k","fingerprint":"print"}}""")]
    public void An_entry_is_read_as_it_was_ever_written(string name, string hexadecimal, string json)
    {
        var entry = Entries[name];
        foreach (var (of, value) in new[] { ((object)entry, typeof(Entry)), (entry.Command, entry.Command.GetType()) })
            Assert.All(value.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.CanWrite), member => Assert.False(Equals(member.GetValue(of), member.PropertyType.IsValueType ? Activator.CreateInstance(member.PropertyType) : null), $"{member.Name} has to be set here, and to be written by the codec."));

        Assert.Equal(hexadecimal, Convert.ToHexString(EntryCodec.Write(entry).Span));
        Assert.Equal(Json(entry), Json(EntryCodec.ReadEntry(Convert.FromHexString(hexadecimal))));
        Assert.Equal(Json(entry), Json(EntryCodec.ReadEntry(Encoding.UTF8.GetBytes(json))));
    }

    [Fact]
    public void What_an_entry_lacks_stays_absent()
    {
        var entry = new Entry(new Reserve("res_1", "demo", [new Line("MUG", 1)], [], TimeSpan.FromTicks(1)));
        Assert.Equal(Json(entry), Json(EntryCodec.ReadEntry(EntryCodec.Write(entry).Span)));
    }

    [Fact]
    public void Other_entries_are_json()
    {
        var entry = new Entry(new AdjustStock("demo", "MUG", 1), Key);
        Assert.Equal(Json(entry), Encoding.UTF8.GetString(EntryCodec.Write(entry).Span));
        Assert.Equal(entry, EntryCodec.ReadEntry(EntryCodec.Write(entry).Span));
    }

    [Fact]
    public void A_result_is_written_as_its_entry_was()
    {
        var (binary, json) = (EntryCodec.Write(Entries["commit"]), Encoding.UTF8.GetBytes("{}"));
        foreach (var result in new[] { new Result(new ReservationReply(Held)), new Result(new ReservationReply(Held), Repeated: true), new Result(new Refused("insufficient_stock"), Repeated: true) })
        {
            Assert.Equal(Json(result), Json(EntryCodec.ReadResult(EntryCodec.Write(result, binary.Span).Span)));
            Assert.Equal(Json(result), Encoding.UTF8.GetString(EntryCodec.Write(result, json).Span));
        }
        Assert.NotEqual((byte)'{', EntryCodec.Write(new Result(new ReservationReply(Held)), binary.Span).Span[0]);
    }

    [Fact]
    public void What_is_damaged_or_of_a_later_program_is_refused()
    {
        var whole = EntryCodec.Write(Entries["reserve"]).ToArray();
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => EntryCodec.ReadEntry(whole.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => EntryCodec.ReadEntry([.. whole, 0]));
        Assert.Throws<InvalidDataException>(() => EntryCodec.ReadEntry([200, .. whole.AsSpan(1)]));
        Assert.Throws<InvalidDataException>(() => EntryCodec.ReadResult([200]));
        Assert.Throws<JsonException>(() => EntryCodec.ReadEntry("{\"command\":{\"$type\":\"later\"}}"u8));
    }

    private static string Json(Entry entry) => JsonSerializer.Serialize(entry, MachineJson.Context.Entry);

    private static string Json(Result result) => JsonSerializer.Serialize(result, MachineJson.Context.Result);
}
