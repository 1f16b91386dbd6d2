namespace Hanzo.Drills.Runs;

/// <summary>How a drill ended.</summary>
internal enum DrillOutcome
{
    /// <summary>Every promise held.</summary>
    Passed,

    /// <summary>A promise was broken.</summary>
    Failed,

    /// <summary>It was given up: nothing is proved.</summary>
    Aborted,
}
