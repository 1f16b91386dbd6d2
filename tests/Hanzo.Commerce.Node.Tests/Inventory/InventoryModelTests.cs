using CsCheck;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Tests.Machine;
using static Hanzo.Commerce.Node.Tests.Machine.ShardUnderTest;

namespace Hanzo.Commerce.Node.Tests.Inventory;

/// <summary>The inventory against one that is too simple to be wrong: numbers and a list.</summary>
public sealed class InventoryModelTests
{
    private static readonly string[] Skus = ["A", "B", "C"];

    private static readonly Gen<Act> Acts = Gen.Frequency(
        (2, Gen.Select(Gen.Int[0, 2].Select(i => Skus[i]), Gen.Long[-8, 12], (sku, delta) => (Act)new Came(sku, delta))),
        (4, Gen.Select(Gen.Int[0, 2].Select(i => Skus[i]).HashSet[1, 3], Gen.Long[1, 6], Gen.Int[1, 40], (skus, quantity, minutes) => (Act)new Reserved([.. skus.Order()], quantity, minutes))),
        (3, Gen.Select(Gen.Int[0, 30], Gen.Bool, (which, commit) => (Act)new Ended(which, commit))),
        (1, Gen.Int[0, 30].Select(minutes => (Act)new Waited(minutes))));

    [Fact]
    public void Every_sequence_of_commands_leaves_what_the_model_says_and_makes_no_unit() =>
        Acts.Array[1, 60].Sample(acts =>
        {
            var (shard, model) = (new ShardUnderTest(), new Model());
            foreach (var sku in Skus)
                shard.Put(sku, 10);
            foreach (var act in acts)
            {
                Assert.Equal(model.Take(act, shard.Now), Take(shard, model, act));
                foreach (var sku in Skus)
                {
                    var item = shard.Stock(sku);
                    Assert.Equal((model.OnHand[sku], model.HeldOf(sku), model.Committed[sku]), (item.OnHand, item.Held, item.Committed));
                    Assert.Equal(10 + model.CameOf[sku], item.OnHand + item.Committed);
                    Assert.InRange(item.Held, 0, item.OnHand);
                }
            }
        }, iter: 400);

    private static bool Take(ShardUnderTest shard, Model model, Act act)
    {
        switch (act)
        {
            case Came came:
                return shard.Do(new AdjustStock(Merchant, came.Sku, came.Delta)) is StockReply;
            case Reserved reserved:
                return shard.Do(new Reserve($"res_{model.Opened}", Merchant, Lines([.. reserved.Skus.Select(sku => (sku, reserved.Quantity))]), [], TimeSpan.FromMinutes(reserved.Minutes))) is ReservationReply;
            case Ended ended:
                return (ended.Commit ? shard.Commit($"res_{ended.Which}") : shard.Release($"res_{ended.Which}")) is ReservationReply;
            case Waited waited:
                shard.Pass(TimeSpan.FromMinutes(waited.Minutes));
                return true;
            default:
                throw new ArgumentException($"{act} is no act.", nameof(act));
        }
    }

    private abstract record Act;

    private sealed record Came(string Sku, long Delta) : Act;

    private sealed record Reserved(string[] Skus, long Quantity, int Minutes) : Act;

    private sealed record Ended(int Which, bool Commit) : Act;

    private sealed record Waited(int Minutes) : Act;

    private sealed class Model
    {
        private readonly Dictionary<int, (Reserved What, DateTimeOffset Until, string State)> _reservations = [];

        public Dictionary<string, long> OnHand { get; } = Skus.ToDictionary(sku => sku, _ => 10L);

        public Dictionary<string, long> Committed { get; } = Skus.ToDictionary(sku => sku, _ => 0L);

        public Dictionary<string, long> CameOf { get; } = Skus.ToDictionary(sku => sku, _ => 0L);

        public int Opened { get; private set; }

        public long HeldOf(string sku) => _reservations.Values.Where(r => r.State == "held" && r.What.Skus.Contains(sku)).Sum(r => r.What.Quantity);

        public bool Take(Act act, DateTimeOffset now)
        {
            switch (act)
            {
                case Came came when OnHand[came.Sku] + came.Delta >= HeldOf(came.Sku):
                    OnHand[came.Sku] += came.Delta;
                    CameOf[came.Sku] += came.Delta;
                    return true;
                case Reserved reserved:
                    Opened++;
                    if (reserved.Skus.Any(sku => OnHand[sku] - HeldOf(sku) < reserved.Quantity))
                        return false;
                    _reservations[Opened] = (reserved, now + TimeSpan.FromMinutes(reserved.Minutes), "held");
                    return true;
                case Ended ended when _reservations.TryGetValue(ended.Which, out var found):
                    var end = ended.Commit ? "committed" : "released";
                    if (found.State == "held" && ended.Commit)
                        foreach (var sku in found.What.Skus)
                        {
                            OnHand[sku] -= found.What.Quantity;
                            Committed[sku] += found.What.Quantity;
                        }
                    if (found.State == "held")
                        _reservations[ended.Which] = found with { State = end };
                    return _reservations[ended.Which].State == end;
                case Waited waited:
                    foreach (var (id, r) in _reservations.Where(r => r.Value.State == "held" && r.Value.Until <= now + TimeSpan.FromMinutes(waited.Minutes)).ToList())
                        _reservations[id] = r with { State = "expired" };
                    return true;
                default:
                    return false;
            }
        }
    }
}
