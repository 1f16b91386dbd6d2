using Hanzo.Drills.Declarations;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>Reads what is promised: the key says what, its value the bound.</summary>
internal static class PromiseReader
{
    private static readonly TimeSpan DefaultSlow = TimeSpan.FromMilliseconds(300);

    private static readonly string[] Kinds = ["availability", "latency", "nearest", "failover", "recovery", "budget", "shown", "carts", "converged", "resolver", "stock", "charges", "acknowledged", "events", "session", "history"];

    public static Promise Read(Item item)
    {
        var keys = item.Keys();
        Promise promise = keys.Decider(Kinds) switch
        {
            ("availability", var bound) => new Availability(bound.Share(), Whose.Read(keys)),
            ("latency", var bound) => ReadLatency(bound, keys),
            ("nearest", var bound) => new NearestShare(bound.Share(), Whose.Read(keys, "quiet")),
            ("failover", var bound) => new Failover(bound.Duration(), keys.Optional("slowerThan")?.Duration() ?? DefaultSlow, Whose.Read(keys)),
            ("recovery", var bound) => new Recovery(bound.Duration()),
            ("shown", var bound) => ReadShown(bound),
            ("stock", var bound) => Kept(bound, new StockKept()),
            ("charges", var bound) => Kept(bound, new ChargesKept()),
            ("acknowledged", var bound) => Kept(bound, new AcknowledgedKept()),
            ("events", var bound) => Kept(bound, new EventsKept()),
            ("session", var bound) => Kept(bound, new OwnWritesSeen()),
            ("history", var bound) => Linearizable(bound),
            ("resolver", var bound) => new ResolverFailover(bound.Duration()),
            ("budget", var bound) => Kept(bound, new Budget()),
            ("carts", var bound) => Kept(bound, new CartsKept()),
            ("converged", var bound) => new CartsConverge(bound.Duration()),
            _ => new Budget(),
        };
        keys.End();
        return promise;
    }

    private static HistoryLinearizable Linearizable(Item item)
    {
        item.Choice("linearizable");
        return new HistoryLinearizable();
    }

    private static Promise Kept(Item item, Promise promise)
    {
        item.Choice("kept");
        return promise;
    }

    private static Latency ReadLatency(Item item, Keys around)
    {
        var keys = item.Keys();
        var percentile = keys.Required("percentile")?.Number(0, 100) ?? 100;
        var most = keys.Required("atMost")?.Duration() ?? TimeSpan.Zero;
        keys.End();
        return new Latency(percentile, most, Whose.Read(around));
    }

    private static Shown ReadShown(Item item)
    {
        var keys = item.Keys();
        var shown = new Shown(
            keys.Required("metric")?.Text() ?? "",
            keys.Required("value")?.Number(double.MinValue, double.MaxValue) ?? 0,
            keys.Required("within")?.Duration() ?? TimeSpan.Zero,
            keys.Optional("after")?.Text());
        keys.End();
        return shown;
    }
}
