using System.Diagnostics.Metrics;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>How requests with a session found this node.</summary>
internal sealed class SessionMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _unreachable;

    public SessionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Commerce.Node.Sessions");
        _requests = meter.CreateCounter<long>("hanzo_node_session_requests_total", description: "Requests with a session token, by whether this node had what the client has seen.");
        _unreachable = meter.CreateCounter<long>("hanzo_node_session_unreachable_total", description: "Peers that could not be asked for what a client has seen.");
    }

    public void Passed(SessionState state) => _requests.Add(1, new KeyValuePair<string, object?>("state", state switch
    {
        SessionState.Current => "current",
        SessionState.Waited => "waited",
        SessionState.Fetched => "fetched",
        SessionState.Behind => "behind",
        _ => "unknown",
    }));

    public void PeerUnreachable() => _unreachable.Add(1);
}
