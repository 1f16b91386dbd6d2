using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Faults;

/// <summary>Something that is broken on purpose, and mended again.</summary>
/// <param name="Kind">What drill files call it.</param>
/// <param name="Targets">Whom it befalls: regions, nodes or edges; empty where it befalls all.</param>
internal abstract record Fault(string Kind, IReadOnlyList<string> Targets)
{
    /// <summary>The regions whose nodes it needs a link before.</summary>
    public virtual IEnumerable<string> LinkedRegions => [];

    /// <summary>Whether it needs a world with a WAN.</summary>
    public virtual bool NeedsWan => false;

    /// <summary>Whether it needs a world whose edges find endpoints by name.</summary>
    public virtual bool NeedsNames => false;

    /// <summary>Whose nodes need a clock that can be moved.</summary>
    public virtual IEnumerable<string> ClockTargets => [];

    /// <summary>Whose nodes need a disk that can be filled.</summary>
    public virtual IEnumerable<string> DiskTargets => [];

    /// <summary>What it misses on this machine; null where it can happen.</summary>
    public virtual string? WhyNot => null;

    /// <summary>How many times the usual load there is while it lasts.</summary>
    public virtual double Load => 1;

    /// <summary>How many customers come in the moment in which it begins.</summary>
    public virtual int Herd => 0;

    /// <summary>Whether it is over when <see cref="Begin"/> is, so that there is nothing to mend.</summary>
    public virtual bool EndsByItself => false;

    /// <summary>Breaks it. Null when that went well, else why not.</summary>
    public abstract Task<string?> Begin(Scene scene, CancellationToken cancellation);

    /// <summary>Mends it.</summary>
    public abstract Task<string?> End(Scene scene, CancellationToken cancellation);

    /// <summary>What it is, for people.</summary>
    public virtual string Text => Targets.Count == 0 ? Kind : $"{Kind} {string.Join(", ", Targets)}";

    /// <summary>The processes that a name means: an edge, a node, or all nodes of a region.</summary>
    protected IEnumerable<WorldProcess> Processes(Scene scene) =>
        Targets.SelectMany(target => scene.World.Edges.Concat(scene.World.Nodes).Where(process => process.Name == target || scene.RegionOf(process) == target));
}
