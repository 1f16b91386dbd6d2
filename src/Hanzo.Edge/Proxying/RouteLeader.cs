using System.Net.Http.Headers;
using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// Which region leads the state that a route writes, as the endpoints' responses say it last: a write sent straight there is
/// not passed on by a follower. Limits: one name a route; where shards are led from different regions, it is the last one's.
/// A region that it names is still taken only while it fits.
/// </summary>
internal sealed class RouteLeader
{
    /// <summary>The field in which an endpoint names the region that leads.</summary>
    public const string Header = "Hanzo-Leader";

    private string? region;

    /// <summary>The region's index in <paramref name="topology"/>; -1 where none was named, or none of it.</summary>
    public int In(Topology topology) => Volatile.Read(ref region) is { } name ? topology.IndexOf(name) : -1;

    /// <summary>Takes what a response says, where it says anything.</summary>
    public void Learn(HttpResponseHeaders headers)
    {
        if (headers.NonValidated.TryGetValues(Header, out var said) && said.Count == 1) Learn(said.ToString());
    }

    /// <summary>Takes what the head of a response says, where it says anything.</summary>
    public void Learn(ResponseHead head)
    {
        foreach (var field in head.Fields)
            if (field.Name.Equals(Header, StringComparison.OrdinalIgnoreCase)) Learn(field.Value);
    }

    /// <summary>Takes the region that a response names.</summary>
    private void Learn(string named) => Volatile.Write(ref region, named);
}
