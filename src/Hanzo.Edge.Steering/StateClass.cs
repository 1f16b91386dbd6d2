namespace Hanzo.Edge.Steering;

/// <summary>What a route asks of a region: the kind of state that must be served there.</summary>
public enum StateClass
{
    /// <summary>Reads of state the region holds.</summary>
    Read,

    /// <summary>Writes to replicated state that every region may take alone (carts, catalog, events).</summary>
    LocalWrite,

    /// <summary>Writes that need the quorum (inventory, payments).</summary>
    Consensus,
}

/// <summary>A set of <see cref="StateClass"/>: what a region can serve at the moment.</summary>
[Flags]
public enum StateClasses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><see cref="StateClass.Read"/>.</summary>
    Read = 1 << StateClass.Read,

    /// <summary><see cref="StateClass.LocalWrite"/>.</summary>
    LocalWrite = 1 << StateClass.LocalWrite,

    /// <summary><see cref="StateClass.Consensus"/>.</summary>
    Consensus = 1 << StateClass.Consensus,

    /// <summary>Every class: what an endpoint that reports no classes is taken to serve.</summary>
    All = Read | LocalWrite | Consensus,
}
