using Hanzo.Edge.Proxying;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Receipts;

/// <summary>What all receipts of a route have in common, until the configuration or what is seen of regions changes.</summary>
/// <param name="Topology">The topology whose regions they speak of; its version is the configuration's.</param>
/// <param name="HealthVersion">The health snapshot decided by.</param>
/// <param name="Route">The route's id.</param>
internal record ReceiptOrigin(Topology Topology, long HealthVersion, string Route);

/// <summary>What only few receipts have, with what all of their route have.</summary>
/// <param name="Origin">That.</param>
/// <param name="RequestId">The request's id where it is not a number, or null.</param>
/// <param name="Error">The RFC 9209 error type, or null.</param>
/// <param name="Failed">The attempts that failed, or null for none.</param>
/// <param name="Endpoint">The endpoint forwarded to where it is none of the region's, or null.</param>
internal sealed record ReceiptNote(ReceiptOrigin Origin, string? RequestId, string? Error, ReceiptAttempt[]? Failed, string? Endpoint) : ReceiptOrigin(Origin);

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
    /// <summary>The lap of the ring that wrote it, counted from 1; 0 where none has, all ones while one does.</summary>
    public uint Lap;

    /// <summary>Of which route and topology it speaks; a <see cref="ReceiptNote"/> where there is more to say.</summary>
    public ReceiptOrigin Origin;

    /// <summary>The number that the request's id is, where no <see cref="ReceiptNote"/> has it.</summary>
    public ulong RequestNumber;

    /// <summary>The country that the client was taken to be in.</summary>
    public TwoLetters Country;

    /// <summary>Its continent.</summary>
    public TwoLetters Continent;

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

    /// <summary>The endpoint forwarded to, by its index in the region; -1 where there was none, or a <see cref="ReceiptNote"/> names it.</summary>
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

    private readonly ReceiptNote? Note => Origin as ReceiptNote;

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
