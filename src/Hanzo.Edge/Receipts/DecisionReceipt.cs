using Hanzo.Edge.Proxying;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Receipts;

/// <summary>What all receipts of a route have in common, until the configuration or what is seen of regions changes.</summary>
/// <param name="Topology">The topology whose regions they speak of; its version is the configuration's.</param>
/// <param name="HealthVersion">The health snapshot decided by.</param>
/// <param name="Route">The route's id.</param>
internal sealed record ReceiptOrigin(Topology Topology, long HealthVersion, string Route);

/// <summary>What only few receipts have.</summary>
/// <param name="RequestId">The request's id where it is not a number, or null.</param>
/// <param name="Error">The RFC 9209 error type, or null.</param>
/// <param name="Failed">The attempts that failed, or null for none.</param>
/// <param name="Endpoint">The endpoint forwarded to where it is none of the region's, or null.</param>
internal sealed record ReceiptNote(string? RequestId, string? Error, ReceiptAttempt[]? Failed, string? Endpoint);

/// <summary>What is true or not of a request.</summary>
[Flags]
internal enum ReceiptTraits : byte
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>An endpoint answered it.</summary>
    Answered = 1,

    /// <summary>Unfit regions were let in.</summary>
    FailedOpen = 2,
}

/// <summary>What one request was decided by and how it ended. Of fixed size, and small: a hundred thousand are kept.</summary>
internal struct DecisionReceipt
{
    /// <summary>Of which route and topology it speaks.</summary>
    public ReceiptOrigin Origin;

    /// <summary>What few receipts have, or null.</summary>
    public ReceiptNote? Note;

    /// <summary>The number that the request's id is, where <see cref="Note"/> has none.</summary>
    public ulong RequestNumber;

    /// <summary>Where the client was taken to be.</summary>
    public Place Place;

    // Two halves: numbers of 128 bits are aligned to as many, which would cost eight bytes more.
    private ulong clientUpper;
    private ulong clientLower;

    /// <summary>When it ended, in UTC ticks.</summary>
    public long EndedTicks;

    /// <summary>How long it took, in seconds.</summary>
    public float Seconds;

    /// <summary>How long the endpoint that answered took to the head of its response, in ms.</summary>
    public float HeadMs;

    /// <summary>The status answered.</summary>
    public short Status;

    /// <summary>The endpoint forwarded to, by its index in the region; -1 where there was none, or <see cref="Note"/> names it.</summary>
    public short EndpointIndex;

    /// <summary>The region chosen, by its index, or -1.</summary>
    public sbyte Region;

    /// <summary>How many <see cref="Candidates"/> there are.</summary>
    public byte Count;

    /// <summary>How many of them were eligible.</summary>
    public byte Eligible;

    /// <summary>What is true of it.</summary>
    public ReceiptTraits Traits;

    /// <summary>The first regions of the decision, in its order.</summary>
    public Standings Candidates;

    /// <summary>The client's address.</summary>
    public ClientKey Client
    {
        readonly get => new(new UInt128(clientUpper, clientLower));
        set => (clientUpper, clientLower) = ((ulong)(value.Value >> 64), (ulong)value.Value);
    }

    /// <summary>The topology whose regions it speaks of.</summary>
    public readonly Topology Topology => Origin.Topology;

    /// <summary>The route's id.</summary>
    public readonly string Route => Origin.Route;

    /// <summary>The health snapshot decided by.</summary>
    public readonly long HealthVersion => Origin.HealthVersion;

    /// <summary>The endpoint forwarded to, or null where there was none.</summary>
    public readonly string? Endpoint => EndpointIndex < 0 ? Note?.Endpoint : Topology.Regions[Region].Endpoints[EndpointIndex].Name;

    /// <summary>Whether <see cref="Endpoint"/> answered, and not the edge itself.</summary>
    public readonly bool IsAnswered => Traits.HasFlag(ReceiptTraits.Answered);

    /// <summary>Whether unfit regions were let in.</summary>
    public readonly bool FailedOpen => Traits.HasFlag(ReceiptTraits.FailedOpen);

    /// <summary>The request's id.</summary>
    public readonly RequestName RequestId => new(Note?.RequestId, RequestNumber);

    /// <summary>The RFC 9209 error type, or null.</summary>
    public readonly string? Error => Note?.Error;

    /// <summary>The attempts that failed, or null for none.</summary>
    public readonly ReceiptAttempt[]? Failed => Note?.Failed;
}
