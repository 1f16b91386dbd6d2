[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Hanzo.System.Tests.Support;

/// <summary>
/// These tests run several processes on few cores, measure time and mostly wait: few of them may run at once. What is in one
/// lane runs one after another; the lanes run beside each other, and only one of them measures customers. What has to hold
/// bounds for all its customers runs when the others are through.
/// </summary>
internal static class Lanes
{
    /// <summary>Drills, practices and failovers, whose customers are measured.</summary>
    public const string Drills = "drills";

    /// <summary>Edges and the nodes behind them, which are changed, stopped and killed.</summary>
    public const string Edges = "edges";

    /// <summary>What computes where it may wait for the others, and nodes that no edge stands before.</summary>
    public const string Long = "long";

    /// <summary>Drills that must pass: nothing runs beside them.</summary>
    public const string Alone = "alone";
}

[CollectionDefinition(Lanes.Edges)]
public sealed class SharesAWorld : ICollectionFixture<RunningEdgeWorld>;

[CollectionDefinition(Lanes.Alone, DisableParallelization = true)]
public sealed class RunsAlone;
