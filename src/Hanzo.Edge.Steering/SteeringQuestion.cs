namespace Hanzo.Edge.Steering;

/// <summary>What a request asks of steering.</summary>
public readonly record struct SteeringQuestion
{
    // One more than the index, so that a question that says nothing of networks is in none.
    private readonly int networkAndOne;
    private readonly int firstAndOne;

    /// <summary>The client's place id in the table that the ranking was prepared from; <see cref="Steering.Place.Unknown"/> where it is not found.</summary>
    public required int Place { get; init; }

    /// <summary>The index of the most specific <see cref="NetworkRule"/> that holds the client's address (see <see cref="NetworkTable.Find"/>); -1, the default, for none.</summary>
    public int Network
    {
        get => networkAndOne - 1;
        init => networkAndOne = value + 1;
    }

    /// <summary>The state class of the route.</summary>
    public StateClass State { get; init; }

    /// <summary>Regions that the route does not use, one bit each by index; see <see cref="Topology.MaskOf"/>.</summary>
    public ulong NotRouted { get; init; }

    /// <summary>The index of a region that goes before all others as long as it fits; -1, the default, for none.</summary>
    public int First
    {
        get => firstAndOne - 1;
        init => firstAndOne = value + 1;
    }

    /// <summary>Why it does: <see cref="CandidateReason.Sticky"/> or <see cref="CandidateReason.Leader"/>.</summary>
    public CandidateReason FirstReason { get; init; }

    /// <summary>What to do when no region fits.</summary>
    public WhenNoneHealthy WhenNoneHealthy { get; init; }

    /// <summary>Regions that are at their capacity, one bit each by index.</summary>
    public ulong Full { get; init; }

    /// <summary>Chooses inside a tie band: equal values choose the same region (a session's hash), random ones spread by weight.</summary>
    public ulong Affinity { get; init; }
}

/// <summary>What to do when residency leaves regions but none of them is healthy.</summary>
public enum WhenNoneHealthy : byte
{
    /// <summary>Fail open: try them all the same, nearest first.</summary>
    Nearest,

    /// <summary>Refuse the request.</summary>
    Refuse,
}
