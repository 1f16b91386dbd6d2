using System.Runtime.CompilerServices;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Receipts;

/// <summary>One region's standing in a decision, as its receipt keeps it.</summary>
/// <param name="Region">Its index.</param>
/// <param name="Reason">Why it stands there.</param>
internal readonly record struct ReceiptCandidate(byte Region, CandidateReason Reason);

/// <summary>What one request was decided by and how it ended. Of fixed size; the names it refers to belong to its topology and route.</summary>
internal struct DecisionReceipt
{
    /// <summary>The topology whose regions it speaks of; its version is the configuration's.</summary>
    public Topology Topology;

    /// <summary>The route's id.</summary>
    public string Route;

    /// <summary>The endpoint forwarded to, or null where there was none.</summary>
    public string? Endpoint;

    /// <summary>The attempts that failed, or null for none.</summary>
    public ReceiptAttempt[]? Failed;

    /// <summary>The request's id.</summary>
    public RequestName RequestId;

    /// <summary>The RFC 9209 error type, or null.</summary>
    public string? Error;

    /// <summary>Where the client was taken to be.</summary>
    public Place Place;

    /// <summary>The client's address.</summary>
    public ClientKey Client;

    /// <summary>When it ended, in UTC ticks.</summary>
    public long EndedTicks;

    /// <summary>The health snapshot decided by.</summary>
    public long HealthVersion;

    /// <summary>The configured network that held the client, or -1.</summary>
    public int Network;

    /// <summary>How long it took, in seconds.</summary>
    public float Seconds;

    /// <summary>How long the endpoint that answered took to the head of its response, in ms.</summary>
    public float HeadMs;

    /// <summary>The status answered.</summary>
    public short Status;

    /// <summary>The region chosen, by its index, or -1.</summary>
    public sbyte Region;

    /// <summary>How many <see cref="Candidates"/> there are.</summary>
    public byte Count;

    /// <summary>How many of them were eligible.</summary>
    public byte Eligible;

    /// <summary>Whether <see cref="Endpoint"/> answered, and not the edge itself.</summary>
    public bool IsAnswered;

    /// <summary>Whether unfit regions were let in.</summary>
    public bool FailedOpen;

    /// <summary>The first regions of the decision, in its order.</summary>
    public CandidateRow Candidates;

    /// <summary>Room for the candidates of one receipt.</summary>
    [InlineArray(Proxying.Exchange.MaxCandidates)]
    public struct CandidateRow
    {
        private ReceiptCandidate first;
    }
}
