using System.Runtime.CompilerServices;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Proxying;

/// <summary>One region's standing in a decision, as its exchange and its receipt keep it.</summary>
/// <param name="Region">Its index.</param>
/// <param name="Reason">Why it stands there.</param>
internal readonly record struct Standing(byte Region, CandidateReason Reason);

/// <summary>Room for the first regions of one decision.</summary>
[InlineArray(Exchange.MaxCandidates)]
internal struct Standings
{
    private Standing first;
}
