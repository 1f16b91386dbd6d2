namespace Hanzo.Drills.Faults;

/// <summary>What a link does to the requests that pass it.</summary>
internal sealed record LinkBehaviour
{
    public static readonly LinkBehaviour Honest = new();

    /// <summary>Nobody listens, and open connections are reset.</summary>
    public bool Refuse { get; init; }

    /// <summary>The share of requests that the rest happens to, 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Whether health probes pass unharmed, so that only customers suffer.</summary>
    public bool ProbesSpared { get; init; }

    /// <summary>How much later a request is handed on.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Answered in the node's place; 0 for not.</summary>
    public int Status { get; init; }

    /// <summary>Requests are taken and never answered.</summary>
    public bool Swallow { get; init; }

    public bool HarmsRequests => Delay > TimeSpan.Zero || Status > 0 || Swallow;
}
