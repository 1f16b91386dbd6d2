namespace Hanzo.Edge;

/// <summary>Whether this edge should be sent new clients.</summary>
internal sealed class Readiness
{
    private volatile string reason = "starting";

    /// <summary>Null where it should; otherwise why not.</summary>
    public string? NotReady => reason.Length == 0 ? null : reason;

    /// <summary>It should from now on, unless it is stopping.</summary>
    public void Ready() => Interlocked.CompareExchange(ref reason, "", "starting");

    /// <summary>It should not any more.</summary>
    public void Drain() => reason = "draining";
}
