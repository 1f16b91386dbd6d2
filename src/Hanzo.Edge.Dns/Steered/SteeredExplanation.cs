using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>What a steered name is answered to one client, and what the answer was decided by.</summary>
/// <param name="Name">The steered name.</param>
/// <param name="Addresses">The addresses of both families, each in the order of its answer.</param>
/// <param name="Ttl">The TTL of the answer.</param>
/// <param name="Scope">Leading bits of the client's address that the answer depends on.</param>
/// <param name="World">What decided.</param>
/// <param name="Question">What it was asked.</param>
public sealed record SteeredExplanation(SteeredName Name, ImmutableArray<IPAddress> Addresses, TimeSpan Ttl, int Scope, SteeringWorld World, SteeringQuestion Question);
