[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Hanzo.System.Tests.Support;

/// <summary>
/// These tests run several processes on few cores, measure time and mostly wait: few of them may run at once. What is in one
/// lane runs one after another; the lanes run beside each other, and only one of them measures customers. What has to hold
/// bounds for all its customers runs when the others are through.
/// </summary>
internal static class Lanes
{
    /// <summary>Drills, whose customers are measured.</summary>
    public const string Drills = "drills";

    /// <summary>Edges and nodes that are changed, stopped and killed.</summary>
    public const string Edges = "edges";

    /// <summary>What computes where it may wait for the others, and what waits longest.</summary>
    public const string Long = "long";

    /// <summary>Drills that must pass: nothing runs beside them.</summary>
    public const string Alone = "alone";
}

[CollectionDefinition(Lanes.Alone, DisableParallelization = true)]
public sealed class RunsAlone;
