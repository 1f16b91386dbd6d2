using System.Buffers.Binary;
using System.Buffers.Text;
using Hanzo.Commerce.Crdt.Causality;

namespace Hanzo.Commerce.Node.Feeds;

/// <summary>
/// Where a reader of changes stands: how far it has read each origin's log. It holds in every region, since all of them
/// have the same logs. Version, then an origin and a sequence number each; base64url.
/// </summary>
internal static class FeedCursor
{
    /// <summary>More does not fit into the first line of a request.</summary>
    private const int MaxText = 7_000;

    private const byte Version = 1;
    private const int Entry = 16;

    public static string Write(VersionVector position)
    {
        var bytes = new byte[1 + position.Entries.Length * Entry];
        bytes[0] = Version;
        var at = 1;
        foreach (var (origin, sequence) in position.Entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), origin.Value);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at + 8), sequence);
            at += Entry;
        }
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The position, or null when this is no cursor.</summary>
    public static VersionVector? Read(string text)
    {
        if (text.Length > MaxText || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length % Entry != 1 || bytes[0] != Version)
            return null;
        var read = new List<KeyValuePair<ReplicaId, long>>();
        for (var at = 1; at < bytes.Length; at += Entry)
        {
            var sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at + 8));
            if (sequence < 1)
                return null;
            read.Add(KeyValuePair.Create(new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at))), sequence));
        }
        return VersionVector.Of(read);
    }
}
