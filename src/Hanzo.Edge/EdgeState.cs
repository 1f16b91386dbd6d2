using System.Net;
using System.Diagnostics.Metrics;
using Hanzo.Edge.Dns.Epochs;
using Hanzo.Edge.Health;
using Hanzo.Edge.Location;
using Hanzo.Edge.Proxying;
using Hanzo.Edge.Receipts;
using Prometheus;

namespace Hanzo.Edge;

/// <summary>What lives as long as the edge does and is shared by the side that clients see and the admin side.</summary>
internal sealed class EdgeState(HealthBoard board, IMeterFactory meters, TimeProvider time, ulong seed)
{
    private EdgeAnswers? answers;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The one truth about health.</summary>
    public HealthBoard Board { get; } = board;

    /// <summary>What location counts.</summary>
    public LocationMetrics Location { get; } = new(meters);

    /// <summary>How fast answers follow.</summary>
    public EdgeMetrics Publications { get; } = new(meters);

    /// <summary>Makes the meters shown on the metrics page.</summary>
    public IMeterFactory Meters { get; } = meters;

    /// <summary>The snapshot that requests read.</summary>
    public EdgeSnapshots Snapshots { get; } = new(board);

    /// <summary>What the DNS server answers from; null without one.</summary>
    public EdgeAnswers? Answers
    {
        get => Volatile.Read(ref answers);
        set => Volatile.Write(ref answers, value);
    }

    /// <summary>A request came to an address that tells by which DNS answer.</summary>
    public void Arrived(IPNetwork epochs, IPAddress? address)
    {
        if (address is not null && Epochs.Judge(epochs, address) is { } stale) Publications.CameStale(stale);
    }

    /// <summary>The generations of DNS answers.</summary>
    public EpochBook Epochs { get; } = new(time);

    /// <summary>The routes as YARP reads them.</summary>
    public RouteTable Routes { get; } = new(time);

    /// <summary>Receipts of the newest requests.</summary>
    public ReceiptRing Receipts { get; } = new(time);

    /// <summary>Random numbers for spreading and for naming requests.</summary>
    public Spread Spread { get; } = new(seed);

    /// <summary>The metrics page.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>Whether the edge takes new clients: not before the first probes, not after the stop began.</summary>
    public Readiness Readiness { get; } = new();
}
