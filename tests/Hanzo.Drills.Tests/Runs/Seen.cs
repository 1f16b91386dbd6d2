using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Promises;
using Hanzo.Drills.Resolving;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Runs;

/// <summary>What a drill saw, in small words.</summary>
internal sealed class Seen
{
    public static readonly WorldFile World = new(
        [new("us-east", 39.04, -77.49, 1), new("eu-west", 53.35, -6.26, 1), new("ap-southeast", 1.35, 103.82, 1)], [new("edge-1", null)], []);

    private static readonly Customer London = new("18.175.67.94", "GB", "EU", 51.51, -0.13);
    private static readonly Customer Ashburn = new("66.198.10.157", "US", "NA", 39.04, -77.49);

    private readonly List<Sample> _samples = [];
    private readonly List<FaultSpan> _faults = [];
    private readonly List<MetricReading> _metrics = [];

    private readonly List<Lookup> _lookups = [];

    public DrillRecord Record => new(World, TimeSpan.FromSeconds(20), [.. _samples], [.. _faults], [.. _metrics])
    {
        Lookups = [.. _lookups],
        EdgeAddresses = ImmutableDictionary<string, string>.Empty.Add("edge-1", "127.0.0.1").Add("edge-2", "127.0.0.2"),
    };

    public Finding Judge(Promise promise) => promise.Judge(Record);

    public Seen Request(double at, double milliseconds = 10, string? region = "eu-west", string? problem = null, bool fromEurope = true, bool ignoresTtl = false)
    {
        var arrival = new Arrival(_samples.Count, TimeSpan.FromSeconds(at), fromEurope ? London : Ashburn, ShopAction.All[0]) { IgnoresTtl = ignoresTtl };
        _samples.Add(new Sample(arrival, TimeSpan.FromMilliseconds(milliseconds), problem is null ? 200 : 0, region, "edge-1", problem, "a1"));
        return this;
    }

    public Seen Requests(int count, double from, double every, double milliseconds = 10, string? region = "eu-west")
    {
        for (var i = 0; i < count; i++)
            Request(from + i * every, milliseconds, region);
        return this;
    }

    public Seen Fault(double from, double? to = null, string kind = "kill", string target = "eu-west")
    {
        _faults.Add(new FaultSpan(kind, [target], $"{kind} {target}", TimeSpan.FromSeconds(from), to is { } end ? TimeSpan.FromSeconds(end) : null));
        return this;
    }

    public Seen Lookup(double at, params ImmutableArray<string> addresses)
    {
        _lookups.Add(new Lookup(TimeSpan.FromSeconds(at), London, addresses));
        return this;
    }

    public Seen Metric(double at, string series, double value)
    {
        _metrics.Add(new MetricReading(TimeSpan.FromSeconds(at), "edge-1", series, value));
        return this;
    }
}
