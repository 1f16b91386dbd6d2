using System.Buffers.Binary;

namespace Hanzo.Edge.Location.Mmdb;

/// <summary>
/// Walks the search tree of a file from the lowest address to the highest. IPv4 is its own walk: in an IPv6 file it hangs
/// 96 zero bits below the root, and writers hang the same nodes a second time below ::ffff:0:0/96, 2001::/32 and 2002::/16.
/// Those copies are reported as empty: clients' addresses are unwrapped before they are looked up.
/// </summary>
internal readonly ref struct MmdbTree
{
    private readonly MmdbFile file;
    private readonly ReadOnlySpan<byte> nodes;
    private readonly uint ipv4Root;

    /// <summary>The tree of <paramref name="file"/>.</summary>
    public MmdbTree(MmdbFile file)
    {
        this.file = file;
        nodes = file.Tree;
        ipv4Root = 0;
        for (var depth = 0; file.IPVersion == 6 && depth < 96 && ipv4Root < file.NodeCount; depth++)
        {
            ipv4Root = Child(ipv4Root, right: false);
        }
    }

    /// <summary>Visits what the file says of IPv4 addresses, which count as the last 32 of 128 bits.</summary>
    public string? WalkIPv4(INetworkVisitor visitor) => Walk(ipv4Root, depth: 96, visitor, alias: null);

    /// <summary>Visits what the file says of IPv6 addresses; nothing in an IPv4 file.</summary>
    public string? WalkIPv6(INetworkVisitor visitor)
    {
        if (file.IPVersion == 4)
        {
            visitor.Empty(UInt128.Zero);
            return null;
        }

        return ipv4Root == 0 ? "a search tree that loops" : Walk(0, depth: 0, visitor, alias: ipv4Root < file.NodeCount ? ipv4Root : null);
    }

    private string? Walk(uint root, int depth, INetworkVisitor visitor, uint? alias)
    {
        var budget = 2L * file.NodeCount + 256;
        var pending = new Stack<(uint Record, int Depth, UInt128 Start)>(130);
        pending.Push((root, depth, UInt128.Zero));
        while (pending.TryPop(out var next))
        {
            var (record, bits, start) = next;
            if (record == alias || record == file.NodeCount)
            {
                visitor.Empty(start);
                continue;
            }

            if (record > file.NodeCount)
            {
                if (visitor.Found(start, (long)record - file.NodeCount - 16) is { } bad)
                {
                    return bad;
                }

                continue;
            }

            if (bits == 128 || --budget < 0)
            {
                return "a search tree that loops";
            }

            pending.Push((Child(record, right: true), bits + 1, start | UInt128.One << (127 - bits)));
            pending.Push((Child(record, right: false), bits + 1, start));
        }

        return null;
    }

    private uint Child(uint node, bool right)
    {
        switch (file.RecordSize)
        {
            case 24:
                var at = nodes.Slice((int)node * 6 + (right ? 3 : 0), 3);
                return (uint)(at[0] << 16 | at[1] << 8 | at[2]);
            case 28:
                // Seven bytes; the middle one holds the upper four bits of both records.
                var seven = nodes.Slice((int)node * 7, 7);
                return right
                    ? BinaryPrimitives.ReadUInt32BigEndian(seven[3..]) & 0x0FFF_FFFF
                    : (uint)((seven[3] & 0xF0) << 20 | seven[0] << 16 | seven[1] << 8 | seven[2]);
            default:
                return BinaryPrimitives.ReadUInt32BigEndian(nodes[((int)node * 8 + (right ? 4 : 0))..]);
        }
    }
}

/// <summary>Is told the networks of a walk in address order; each ends where the next one starts.</summary>
internal interface INetworkVisitor
{
    /// <summary>From <paramref name="start"/> on the file knows nothing.</summary>
    void Empty(UInt128 start);

    /// <summary>From <paramref name="start"/> on the file has the record at <paramref name="dataOffset"/>. Says what is wrong with that record, or null.</summary>
    string? Found(UInt128 start, long dataOffset);
}
