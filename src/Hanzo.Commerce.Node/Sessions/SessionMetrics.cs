using System.Diagnostics.Metrics;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>How requests with a session found this node.</summary>
internal sealed class SessionMetrics
{
    private readonly Counter<long> _requests;
    private readonly Counter<long> _unreachable;
    private readonly Counter<long> _shards;

    public SessionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Hanzo.Commerce.Node.Sessions");
        _requests = meter.CreateCounter<long>("hanzo_node_session_requests_total", description: "Requests with a session token, by whether this node had what the client has seen.");
        _unreachable = meter.CreateCounter<long>("hanzo_node_session_unreachable_total", description: "Peers that could not be asked for what a client has seen.");
        _shards = meter.CreateCounter<long>("hanzo_node_session_shard_readings_total", description: "Local readings of a shard that was behind what the client has seen, by how they were answered.");
    }

    public void Passed(SessionState state) => _requests.Add(1, Tag(state));

    /// <summary>A local reading of a shard had to wait for what its client has seen, or to be fetched from the leader, or stayed behind.</summary>
    public void ShardReached(SessionState state) => _shards.Add(1, Tag(state));

    public void PeerUnreachable() => _unreachable.Add(1);

    private static KeyValuePair<string, object?> Tag(SessionState state) => new("state", state switch
    {
        SessionState.Current => "current",
        SessionState.Waited => "waited",
        SessionState.Fetched => "fetched",
        SessionState.Behind => "behind",
        _ => "unknown",
    });
}
