using System.Diagnostics.CodeAnalysis;

namespace Hanzo.Edge.Location.Mmdb;

/// <summary>A MaxMind DB file in memory whose metadata and layout hold together: search tree, 16 zero bytes, data, marker, metadata.</summary>
internal sealed class MmdbFile
{
    private const int SeparatorSize = 16;

    /// <summary>The format says that the metadata is in the last 128 KiB of the file.</summary>
    private const int MetadataLimit = 128 * 1024;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Range tree;
    private readonly Range data;

    private MmdbFile(ReadOnlyMemory<byte> bytes, Range tree, Range data) => (this.bytes, this.tree, this.data) = (bytes, tree, data);

    /// <summary>What the maker calls it, as "GeoLite2-City".</summary>
    public required string DatabaseType { get; init; }

    /// <summary>When it was built.</summary>
    public required DateTimeOffset Built { get; init; }

    /// <summary>4 or 6: the width of the search tree.</summary>
    public required int IPVersion { get; init; }

    /// <summary>Nodes in the search tree.</summary>
    public required int NodeCount { get; init; }

    /// <summary>Bits of one record of a node: 24, 28 or 32.</summary>
    public required int RecordSize { get; init; }

    /// <summary>The search tree.</summary>
    public ReadOnlySpan<byte> Tree => bytes.Span[tree];

    /// <summary>The data section.</summary>
    public ReadOnlySpan<byte> Data => bytes.Span[data];

    private static ReadOnlySpan<byte> Marker => [0xAB, 0xCD, 0xEF, (byte)'M', (byte)'a', (byte)'x', (byte)'M', (byte)'i', (byte)'n', (byte)'d', (byte)'.', (byte)'c', (byte)'o', (byte)'m'];

    /// <summary>Reads the metadata of <paramref name="bytes"/>.</summary>
    /// <returns>False with what is wrong in <paramref name="fault"/>.</returns>
    public static bool TryOpen(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out MmdbFile? file, [NotNullWhen(false)] out string? fault)
    {
        file = null;
        var marker = bytes.Span[Math.Max(0, bytes.Length - MetadataLimit)..].LastIndexOf(Marker);
        if (marker < 0)
        {
            fault = "not a MaxMind DB file, or a truncated one: it has no metadata at its end";
            return false;
        }

        marker += Math.Max(0, bytes.Length - MetadataLimit);
        var metadata = new MmdbData(bytes.Span[(marker + Marker.Length)..]);
        var budget = (long)MetadataLimit;
        if (metadata.Check(0, ref budget) is { } bad)
        {
            fault = $"the metadata has {bad}";
            return false;
        }

        fault = TryLayOut(bytes, marker, metadata, out file);
        return fault is null;
    }

    private static string? TryLayOut(ReadOnlyMemory<byte> bytes, int marker, MmdbData metadata, out MmdbFile? file)
    {
        file = null;
        var root = metadata.Read(0);
        if (metadata.Integer(metadata.Find(root, "binary_format_major_version"u8)) is not 2)
        {
            return "the metadata does not say binary format 2";
        }

        var ipVersion = metadata.Integer(metadata.Find(root, "ip_version"u8));
        if (ipVersion is not (4 or 6))
        {
            return $"the metadata says IP version {ipVersion?.ToString() ?? "nothing"}, not 4 or 6";
        }

        var recordSize = metadata.Integer(metadata.Find(root, "record_size"u8));
        if (recordSize is not (24 or 28 or 32))
        {
            return $"the metadata says record size {recordSize?.ToString() ?? "nothing"}, not 24, 28 or 32";
        }

        if (metadata.Integer(metadata.Find(root, "build_epoch"u8)) is not { } epoch || epoch > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return "the metadata has no build time, or one beyond the calendar";
        }

        var nodeSize = (ulong)recordSize / 4;
        var nodeCount = metadata.Integer(metadata.Find(root, "node_count"u8)) ?? 0;
        if (nodeCount == 0 || nodeCount > (ulong)Math.Max(0, marker - SeparatorSize) / nodeSize)
        {
            return $"the metadata says {nodeCount} nodes, which the file cannot hold";
        }

        var treeSize = (int)(nodeCount * nodeSize);
        if (bytes.Span.Slice(treeSize, SeparatorSize).ContainsAnyExcept((byte)0))
        {
            return $"no separator after the {nodeCount} nodes that the metadata says";
        }

        file = new(bytes, ..treeSize, (treeSize + SeparatorSize)..marker)
        {
            DatabaseType = metadata.Text(metadata.Find(root, "database_type"u8)) ?? "",
            Built = DateTimeOffset.FromUnixTimeSeconds((long)epoch),
            IPVersion = (int)ipVersion,
            NodeCount = (int)nodeCount,
            RecordSize = (int)recordSize,
        };
        return null;
    }
}
