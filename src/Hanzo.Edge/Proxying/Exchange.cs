using Hanzo.Edge.Proxying.Capacity;
using Hanzo.Edge.Proxying.Failover;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Proxying;

/// <summary>One request on its way through the edge: what each stage found out, kept as a feature of its context for the stages after it.</summary>
internal sealed class Exchange(EdgeSnapshot snapshot, RoutePlan plan, Peer peer, long started)
{
    /// <summary>Candidates kept for the stages after steering and for the receipt: the first of the decision.</summary>
    public const int MaxCandidates = 8;

    private Standings candidates;
    private AttemptUnderWay attempt;

    /// <summary>The one snapshot this request reads.</summary>
    public EdgeSnapshot Snapshot { get; } = snapshot;

    /// <summary>The route's regions and destinations as prepared for <see cref="Snapshot"/>.</summary>
    public RoutePlan Plan { get; } = plan;

    /// <summary>The other end of the connection.</summary>
    public Peer Peer { get; } = peer;

    /// <summary>When the request reached the proxy, as a <see cref="TimeProvider"/> timestamp.</summary>
    public long Started { get; } = started;

    /// <summary>The clock of <see cref="Started"/>.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The timestamp at which its time is over; <see cref="long.MaxValue"/> where nothing bounds it, or ASP.NET's middleware does.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <summary>Whether its time is over.</summary>
    public bool IsLate => Until != long.MaxValue && Time.GetTimestamp() >= Until;

    /// <summary>Whether the peer may say who the client is, and is told of hops.</summary>
    public bool Trusted { get; init; }

    /// <summary>The request's Forwarded field.</summary>
    public StringValues Forwarded { get; init; }

    /// <summary>Its X-Forwarded-For field.</summary>
    public StringValues ForwardedFor { get; init; }

    /// <summary>The client's address.</summary>
    public required ClientKey Client { get; init; }

    /// <summary>Identifies the request: the trusted peer's Request-Id, or ours.</summary>
    public required string RequestId { get; init; }

    /// <summary>The client's place id in <see cref="EdgeSnapshot.Places"/>.</summary>
    public int Place { get; set; }

    /// <summary>The configured network that holds the client, or -1.</summary>
    public int Network { get; set; } = -1;

    /// <summary>How many of <see cref="Candidates"/> may be tried, first choice first.</summary>
    public int Eligible { get; private set; }

    /// <summary>Whether no region was fit and unfit ones were let in.</summary>
    public bool FailedOpen { get; private set; }

    /// <summary>The index of the region that the client is to stay in, or -1.</summary>
    public int Sticky { get; set; } = -1;

    /// <summary>The index of the region chosen, or -1 where none may serve the request.</summary>
    public int Region { get; set; } = -1;

    /// <summary>Where its place among the region's requests is given back, or null.</summary>
    public RegionLoad? Load { get; set; }

    /// <summary>Where a plain request is counted as under way, or null.</summary>
    public EndpointLoad? EndpointLoad { get; set; }

    /// <summary>What is counted of it once steering has decided; null before.</summary>
    public RegionSeries? Series { get; set; }

    /// <summary>What went wrong, as an RFC 9209 error type, or null.</summary>
    public string? Error { get; set; }

    /// <summary>The attempt under way and those before it.</summary>
    public ref AttemptUnderWay Attempt => ref attempt;

    /// <summary>How many candidates are kept.</summary>
    public int Count { get; private set; }

    /// <summary>The first regions of the decision in its order.</summary>
    public ReadOnlySpan<Standing> Candidates => ((ReadOnlySpan<Standing>)candidates)[..Count];

    /// <summary>The same, with the room behind them.</summary>
    public Standings Standings => candidates;

    /// <summary>Takes from the request where its client is to stay, where the route keeps clients in their regions.</summary>
    public void Stay(HttpRequest request)
    {
        if (Plan.Stickiness is { } stickiness) Sticky = stickiness.RegionOf(request);
    }

    /// <summary>Keeps the decision beyond the buffer that it was written to.</summary>
    public void Keep(in SteeringDecision decision)
    {
        Count = Math.Min(decision.All.Length, MaxCandidates);
        for (var i = 0; i < Count; i++) candidates[i] = new(decision.All[i].Region, decision.All[i].Reason);
        Eligible = Math.Min(decision.Eligible.Length, MaxCandidates);
        FailedOpen = decision.FailedOpen;
    }

    /// <summary>
    /// Asked once a response head came, before anything of it goes to the client: whether it is the client's answer. If not,
    /// the attempt is over; whoever made it drops the response and returns without an error. Asked once an attempt.
    /// </summary>
    public ValueTask<bool> TakesAsync(HttpContext context, int status) => attempt.Judge?.TakesAsync(context, this, status) ?? new(true);
}
