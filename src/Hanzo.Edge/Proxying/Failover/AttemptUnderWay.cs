using Yarp.ReverseProxy.Model;

namespace Hanzo.Edge.Proxying.Failover;

/// <summary>Where a request stands among its attempts. Part of its exchange, so that a request that needs one attempt allocates nothing for it.</summary>
internal struct AttemptUnderWay
{
    /// <summary>Who made the attempt and judges its answer; null before the first.</summary>
    public Attempts? Judge;

    /// <summary>The endpoint asked; null before the first.</summary>
    public DestinationState Endpoint;

    /// <summary>The failed attempts before, or null for none.</summary>
    public List<FailedAttempt>? Failed;

    /// <summary>The request's body where it may be needed again, or null.</summary>
    public ReplayBody? Body;

    /// <summary>Bounds the attempt, or null where nothing does.</summary>
    public AttemptTimer? Timer;

    /// <summary>When it was made, as a timestamp.</summary>
    public long Sent;

    /// <summary>Time to the head of the response taken, in ms.</summary>
    public float HeadMs;

    /// <summary>The status of the response whose head came, or 0.</summary>
    public short Status;

    /// <summary>Whether a response was taken, so that no other attempt may follow.</summary>
    public bool IsTaken;

    /// <summary>Whether the response was refused for its status.</summary>
    public bool IsRefused;

    /// <summary>Whether the request holds leave of the retry budget.</summary>
    public bool HasLeave;

    /// <summary>Attempts made, this one included.</summary>
    public readonly int Number => 1 + (Failed?.Count ?? 0);
}
