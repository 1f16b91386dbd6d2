using System.Text;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// Who wrote a log: a member of the cluster and the life of its disk. A member whose disk was wiped writes under a new
/// origin: it can no longer know which sequence numbers it has given out, and a number given twice would be lost for good.
/// The upper half follows from the member's name, the lower half is drawn once for each new disk.
/// </summary>
internal static class Origin
{
    public static ReplicaId Of(string member, uint life) => new(((ulong)MemberOf(member) << 32) | life);

    public static uint MemberOf(string name) => (uint)Fnv.Hash(Encoding.UTF8.GetBytes(name));

    extension(ReplicaId origin)
    {
        /// <summary>The part that all origins of one member share.</summary>
        public uint Member => (uint)(origin.Value >> 32);
    }
}
