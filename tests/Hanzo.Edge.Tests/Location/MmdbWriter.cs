using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Hanzo.Edge.Tests.Location;

/// <summary>Writes small databases in the MaxMind DB format, in every layout a maker may choose.</summary>
internal sealed class MmdbWriter(int ipVersion = 6, int recordSize = 24, string databaseType = "Test-City")
{
    private readonly List<(IPNetwork Network, object Record)> networks = [];

    /// <summary>When it claims to have been built, in seconds since 1970.</summary>
    public uint BuildEpoch { get; init; } = 1_780_000_000;

    /// <summary>Writes a record; later networks cut into earlier, wider ones.</summary>
    public MmdbWriter Add(string network, object record)
    {
        networks.Add((IPNetwork.Parse(network), record));
        return this;
    }

    /// <summary>A record as GeoIP2 City nests it.</summary>
    public static Dictionary<string, object> City(string country, double latitude, double longitude) => new()
    {
        ["country"] = new Dictionary<string, object> { ["iso_code"] = country },
        ["location"] = new Dictionary<string, object> { ["latitude"] = latitude, ["longitude"] = longitude },
    };

    /// <summary>A record as DB-IP's own files hold it: flat, with single-precision coordinates.</summary>
    public static Dictionary<string, object> DbIpCity(string country, float latitude, float longitude) => new()
    {
        ["city"] = "Somewhere",
        ["country_code"] = country,
        ["latitude"] = latitude,
        ["longitude"] = longitude,
    };

    /// <summary>The file.</summary>
    public byte[] ToArray()
    {
        var root = new Node();
        var data = new List<byte>();
        foreach (var (network, record) in networks.OrderBy(entry => entry.Network.PrefixLength + (Is4In6(entry.Network) ? 96 : 0)))
        {
            var offset = data.Count;
            Encode(data, record);
            Insert(root, Bits(network), offset);
        }

        var nodes = new List<Node>();
        Number(root, nodes);
        var file = new List<byte>();
        foreach (var node in nodes)
        {
            WriteNode(file, Record(node.Left, nodes.Count), Record(node.Right, nodes.Count));
        }

        file.AddRange(new byte[16]);
        file.AddRange(data);
        file.AddRange([0xAB, 0xCD, 0xEF]);
        file.AddRange("MaxMind.com"u8);
        Encode(file, new Dictionary<string, object>
        {
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = (ulong)BuildEpoch,
            ["database_type"] = databaseType,
            ["description"] = new Dictionary<string, object> { ["en"] = "written by a test" },
            ["ip_version"] = (ushort)ipVersion,
            ["languages"] = Array.Empty<object>(),
            ["node_count"] = (uint)nodes.Count,
            ["record_size"] = (ushort)recordSize,
        });
        return [.. file];
    }

    private bool Is4In6(IPNetwork network) => ipVersion == 6 && network.BaseAddress.GetAddressBytes().Length == 4;

    private bool[] Bits(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        var bits = bytes.SelectMany(octet => Enumerable.Range(0, 8).Select(bit => (octet >> (7 - bit) & 1) == 1)).Take(network.PrefixLength);
        return [.. Is4In6(network) ? Enumerable.Repeat(false, 96) : [], .. bits];
    }

    private static void Insert(Node root, bool[] bits, int offset)
    {
        var node = root;
        foreach (var bit in bits[..^1])
        {
            var next = bit ? node.Right : node.Left;
            if (next is not Node below)
            {
                below = new Node { Left = next, Right = next };
                if (bit)
                {
                    node.Right = below;
                }
                else
                {
                    node.Left = below;
                }
            }

            node = below;
        }

        if (bits[^1])
        {
            node.Right = offset;
        }
        else
        {
            node.Left = offset;
        }
    }

    private static void Number(Node node, List<Node> nodes)
    {
        node.Index = nodes.Count;
        nodes.Add(node);
        foreach (var below in new[] { node.Left, node.Right }.OfType<Node>())
        {
            Number(below, nodes);
        }
    }

    private static uint Record(object? target, int nodeCount) => target switch
    {
        Node node => (uint)node.Index,
        int offset => (uint)(nodeCount + 16 + offset),
        _ => (uint)nodeCount,
    };

    private void WriteNode(List<byte> file, uint left, uint right)
    {
        switch (recordSize)
        {
            case 24:
                file.AddRange([(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(right >> 16), (byte)(right >> 8), (byte)right]);
                break;
            case 28:
                file.AddRange([(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(left >> 24 << 4 | right >> 24)]);
                file.AddRange([(byte)(right >> 16), (byte)(right >> 8), (byte)right]);
                break;
            default:
                file.AddRange(BigEndian(8, span => BinaryPrimitives.WriteUInt64BigEndian(span, (ulong)left << 32 | right)));
                break;
        }
    }

    private static void Encode(List<byte> to, object value)
    {
        switch (value)
        {
            case string text:
                var utf8 = Encoding.UTF8.GetBytes(text);
                Control(to, 2, utf8.Length);
                to.AddRange(utf8);
                break;
            case double number:
                Control(to, 3, 8);
                to.AddRange(BigEndian(8, span => BinaryPrimitives.WriteDoubleBigEndian(span, number)));
                break;
            case float number:
                Control(to, 15, 4);
                to.AddRange(BigEndian(4, span => BinaryPrimitives.WriteSingleBigEndian(span, number)));
                break;
            case ushort number:
                Control(to, 5, 2);
                to.AddRange(BigEndian(2, span => BinaryPrimitives.WriteUInt16BigEndian(span, number)));
                break;
            case uint number:
                Control(to, 6, 4);
                to.AddRange(BigEndian(4, span => BinaryPrimitives.WriteUInt32BigEndian(span, number)));
                break;
            case ulong number:
                Control(to, 9, 8);
                to.AddRange(BigEndian(8, span => BinaryPrimitives.WriteUInt64BigEndian(span, number)));
                break;
            case Dictionary<string, object> map:
                Control(to, 7, map.Count);
                foreach (var (key, entry) in map)
                {
                    Encode(to, key);
                    Encode(to, entry);
                }

                break;
            case object[] array:
                Control(to, 11, array.Length);
                foreach (var entry in array)
                {
                    Encode(to, entry);
                }

                break;
            default:
                throw new ArgumentException($"no encoding for {value.GetType()}", nameof(value));
        }
    }

    private static void Control(List<byte> to, int type, int size)
    {
        to.Add((byte)((type < 8 ? type << 5 : 0) | size));
        if (type >= 8)
        {
            to.Add((byte)(type - 7));
        }
    }

    private delegate void Fill(Span<byte> span);

    private static byte[] BigEndian(int size, Fill fill)
    {
        var bytes = new byte[size];
        fill(bytes);
        return bytes;
    }

    private sealed class Node
    {
        public object? Left { get; set; }

        public object? Right { get; set; }

        public int Index { get; set; }
    }
}
