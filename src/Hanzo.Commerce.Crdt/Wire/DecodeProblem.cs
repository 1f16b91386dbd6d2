namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>Why bytes are no state. They are refused whole.</summary>
public enum DecodeProblem
{
    /// <summary>They are a state.</summary>
    None,

    /// <summary>More bytes than allowed.</summary>
    Oversized,

    /// <summary>They end too early.</summary>
    CutShort,

    /// <summary>Something stands after the end.</summary>
    Trailing,

    /// <summary>A format version that this program does not know.</summary>
    UnknownVersion,

    /// <summary>A state of another type.</summary>
    OtherKind,

    /// <summary>A number too large, not in its shortest form, or out of its range; text that is not UTF-8.</summary>
    BadValue,

    /// <summary>Not in ascending order, or there twice.</summary>
    OutOfOrder,

    /// <summary>Parts that cannot belong together, such as something present that was never seen.</summary>
    Contradicting,
}
