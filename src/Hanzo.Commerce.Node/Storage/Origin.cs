using System.Text;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// Who wrote a log: a member of the cluster and the life of its disk. A member whose disk was wiped writes under a new
/// origin: it can no longer know which sequence numbers it has given out, and a number given twice would be lost for good.
/// </summary>
/// <param name="Value">The upper half follows from the member's name, the lower half is drawn once for each new disk.</param>
internal readonly record struct Origin(ulong Value) : IComparable<Origin>
{
    /// <summary>The part that all origins of one member share.</summary>
    public uint Member => (uint)(Value >> 32);

    public static Origin Of(string member, uint life) => new(((ulong)MemberOf(member) << 32) | life);

    public static uint MemberOf(string name) => (uint)Fnv.Hash(Encoding.UTF8.GetBytes(name));

    public int CompareTo(Origin other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value:x16}";
}
