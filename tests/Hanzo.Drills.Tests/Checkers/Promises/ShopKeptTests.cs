using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Tests.Runs;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Tests.Checkers.Promises;

/// <summary>What the books of a shop must show for the promises about them to be held.</summary>
public sealed class ShopKeptTests
{
    private static readonly DrillRecord Record = new Seen().Request(1).Request(2).Record;

    private static Finding Judge(Promise promise, ShopCount shop) => promise.Judge(Record with { Shop = shop });

    private static ShopCount Stock(long units, int acknowledged, int asked, long? left, long? sold) => new([new StockCount("DRILL-0", units, acknowledged, asked, left, sold)], [], 1, [], []);

    private static ShopCount Charged(int times, Deed? told) => new([], [], 0, [new ChargeCount(Record.Samples[0] with { Deed = told }, times)], []);

    private static ShopCount Events(int acknowledged, int asked, long? counted) => new([], [], 0, [], [new EventCount("node", acknowledged, asked, counted)]);

    [Theory]
    [InlineData(12, 12, 40, 0, 12, 0)]
    [InlineData(12, 9, 40, 2, 10, 0)] // one was sold whose customer heard nothing
    [InlineData(12, 13, 40, 0, 12, 2)] // two customers have the same unit: sold beyond what there was, and not in the books
    [InlineData(12, 10, 40, -1, 13, 1)]
    [InlineData(12, 10, 40, 4, 8, 2)] // told that they have it, and they have not
    [InlineData(12, 3, 3, 8, 4, 1)] // one counted twice
    [InlineData(12, 3, 3, 8, 3, 1)] // one neither left nor sold
    public void Every_unit_is_left_or_sold_and_none_sold_twice(long units, int acknowledged, int asked, long left, long sold, double wrong)
    {
        var finding = Judge(new StockKept(), Stock(units, acknowledged, asked, left, sold));

        Assert.Equal(wrong, finding.Measured);
        Assert.Equal(wrong == 0, finding.Held);
    }

    [Fact]
    public void Nodes_that_say_nothing_of_their_stock_keep_no_promise() => Assert.False(Judge(new StockKept(), Stock(12, 1, 1, null, null)).Held);

    [Theory]
    [InlineData(1, true, true)]
    [InlineData(1, false, true)]
    [InlineData(0, false, true)]
    [InlineData(0, true, false)]
    [InlineData(2, true, false)]
    [InlineData(2, false, false)]
    public void A_card_is_charged_once_and_never_not_at_all_when_its_customer_was_told_so(int times, bool told, bool held) =>
        Assert.Equal(held, Judge(new ChargesKept(), Charged(times, told ? new Deed("order", "o") : null)).Held);

    [Theory]
    [InlineData(5, 5, 5L, true)]
    [InlineData(5, 6, 6L, true)]
    [InlineData(5, 6, 4L, false)]
    [InlineData(5, 6, 7L, false)]
    [InlineData(5, 6, null, false)]
    public void Events_count_once_in_every_region(int acknowledged, int asked, long? counted, bool held) =>
        Assert.Equal(held, Judge(new EventsKept(), Events(acknowledged, asked, counted)).Held);

    [Fact]
    public void What_was_acknowledged_and_is_gone_is_shown()
    {
        var finding = Judge(new AcknowledgedKept(), new ShopCount([], ["/v1/orders/o is not there"], 3, [], []));

        Assert.False(finding.Held);
        Assert.Equal("/v1/orders/o is not there", Assert.Single(finding.Evidence));
    }

    [Theory]
    [InlineData("seen", true)]
    [InlineData("behind", true)]
    [InlineData("unseen", false)]
    public void Who_comes_again_finds_their_own_writes_unless_they_are_told_that_it_is_behind(string kind, bool held) =>
        Assert.Equal(held, new OwnWritesSeen().Judge(Record with { Samples = [Record.Samples[0] with { Deed = new Deed(kind, "c") }] }).Held);

    [Fact]
    public void A_shop_in_which_nobody_bought_proves_nothing()
    {
        var empty = new ShopCount([], [], 0, [], []);

        Assert.All(new Promise[] { new StockKept(), new ChargesKept(), new AcknowledgedKept(), new EventsKept() }, promise => Assert.Null(Judge(promise, empty).Measured));
        Assert.All(new Promise[] { new StockKept(), new ChargesKept(), new AcknowledgedKept(), new EventsKept(), new OwnWritesSeen() }, promise => Assert.False(promise.Judge(Record).Held));
    }
}
