using Hanzo.Edge.Health.Passive;
using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>One attempt that did not give the client its answer.</summary>
/// <param name="Endpoint">The endpoint asked.</param>
/// <param name="Region">Its region's index.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The status refused, or 0.</param>
/// <param name="Sent">When it was made, as a timestamp.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="IsCut">Whether the edge ended it for its time; the endpoint is blamed only once another has been faster.</param>
internal readonly record struct FailedAttempt(DestinationState Endpoint, int Region, RequestOutcome Outcome, short Status, long Sent, float Ms, bool IsCut);
