using System.Collections.Immutable;
using System.Text.Json;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

/// <summary>One shard's machine, spoken to in values; every entry passes through its bytes, as in the log.</summary>
internal sealed class ShardUnderTest
{
    public const string Merchant = "demo";

    private readonly CommerceMachine _machine = new();

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public CommerceState State => _machine.State;

    public static ImmutableArray<Line> Lines(params (string Sku, long Quantity)[] lines) => [.. lines.Select(line => new Line(line.Sku, line.Quantity))];

    public void Pass(TimeSpan time)
    {
        Now += time;
        Do(new Advance());
    }

    public Reply Do(Command command) => Apply(new Entry(command)).Reply;

    public Result Apply(Entry entry) => EntryCodec.ReadResult(_machine.Apply(EntryCodec.Write(entry).Span, Now, isAnswerWanted: true).Span);

    public Reply Ask(Question question) => JsonSerializer.Deserialize(
        _machine.Answer(JsonSerializer.SerializeToUtf8Bytes(question, MachineJson.Context.Question)).Span, MachineJson.Context.Reply)!;

    public StockItem Put(string sku, long onHand) => Assert.IsType<StockReply>(Do(new PutStock(Merchant, sku, onHand, Condition.None))).Item;

    public Reply Reserve(string id, params (string Sku, long Quantity)[] lines) =>
        Do(new Reserve(id, Merchant, Lines(lines), [], TimeSpan.FromMinutes(15)));

    public StockItem Stock(string sku) => Assert.IsType<StockReply>(Ask(new FindStock(Merchant, sku))).Item;

    public Reservation Reservation(string id) => Assert.IsType<ReservationReply>(Ask(new FindReservation(Merchant, id))).Reservation;

    public Reply Commit(string id) => Do(new CommitReservation(Merchant, id));

    public Reply Release(string id) => Do(new ReleaseReservation(Merchant, id));

    public byte[] Snapshot() => Written(Save());

    /// <summary>Holds the state of this moment, to be written later.</summary>
    public Action<Stream> Save() => _machine.Save();

    public static byte[] Written(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    public static ShardUnderTest Restored(byte[] snapshot)
    {
        var shard = new ShardUnderTest();
        shard._machine.Load(new MemoryStream(snapshot));
        shard.Now = shard.State.Clock;
        return shard;
    }

    public static KeyUse Key(string id, string fingerprint = "f") => new(id, fingerprint);

    public static string Code(Reply reply) => Assert.IsType<Refused>(reply).Code;
}
