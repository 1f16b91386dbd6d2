using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Whose a data directory is, written when it is made and checked at every start.</summary>
/// <param name="Id">The node's id as a member, made with the directory.</param>
/// <param name="Founders">The members that the cluster began with; empty as long as this node does not know them.</param>
internal sealed record NodeIdentity(string Cluster, int Shards, string Id, ImmutableArray<string> Founders)
{
    private const string FileName = "identity.json";

    /// <summary>Who belonged from the beginning, if this node did; a node that came later is told by the log.</summary>
    public Membership FoundingMembers => Founders.Contains(Id) ? Membership.Of(0, Founders.Select(id => new Member(id, IsVoter: true))) : Membership.None;

    /// <exception cref="ConsensusRefusedException">The directory is another cluster's, or split another way.</exception>
    public static NodeIdentity Open(string directory, string cluster, int shards, string name)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            var identity = new NodeIdentity(cluster, shards, $"{name}@{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}", []);
            identity.Keep(directory);
            return identity;
        }
        var known = Read(path);
        return known.Cluster != cluster ? throw new ConsensusRefusedException($"{path}: it belongs to the cluster {known.Cluster}, and --cluster says {cluster}")
            : known.Shards != shards ? throw new ConsensusRefusedException($"{path}: its state is split into {known.Shards} shards, and --shards says {shards}; the number is fixed at the first start")
            : Member.NameOf(known.Id) != name ? throw new ConsensusRefusedException($"{path}: it belongs to the node {Member.NameOf(known.Id)}, and --name says {name}")
            : known;
    }

    public void Keep(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        using (var file = new FileStream(path + ".unfinished", FileMode.Create))
        {
            JsonSerializer.Serialize(file, this, NodeIdentityJson.Default.NodeIdentity);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".unfinished", path, overwrite: true);
        Disk.SyncNames(directory);
    }

    private static NodeIdentity Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, NodeIdentityJson.Default.NodeIdentity) ?? throw new ConsensusRefusedException($"{path}: it is empty");
        }
        catch (JsonException unreadable)
        {
            throw new ConsensusRefusedException($"{path}: it cannot be read: {unreadable.Message}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(NodeIdentity))]
internal sealed partial class NodeIdentityJson : JsonSerializerContext;

/// <summary>The node cannot start with this data, and why.</summary>
internal sealed class ConsensusRefusedException(string reason) : IOException(reason);
