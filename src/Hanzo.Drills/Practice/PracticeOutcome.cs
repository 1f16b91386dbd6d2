namespace Hanzo.Drills.Practice;

/// <summary>How a practice ended.</summary>
internal enum PracticeOutcome
{
    /// <summary>The region was away for the whole time, and customers were served.</summary>
    Passed,

    /// <summary>Customers were worse off without the region; it was given back.</summary>
    Failed,

    /// <summary>Something else came up: a real event, another operator, or the order to stop. It was given back.</summary>
    Interrupted,

    /// <summary>It did not begin: the rest could not have done without the region.</summary>
    Blocked,
}

/// <summary>The outcome with its reason.</summary>
internal sealed record PracticeResult(PracticeOutcome Outcome, string Why);
