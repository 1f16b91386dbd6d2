using System.Collections.Immutable;
using System.Security.Cryptography;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Backups;

/// <summary>
/// Makes a backup into the data of one node, which then begins a new cluster alone. The other nodes are named in it as
/// learners that nobody has met: they start with empty disks, and the first takes them in like nodes whose disks were wiped.
/// So only one node can decide what the cluster begins with, and no id ever votes that did not see it.
/// </summary>
internal static class Restoration
{
    private const string Unmet = "unmet";

    /// <param name="directory">Where the node keeps its replicas; missing or empty.</param>
    /// <param name="others">The names of the other nodes.</param>
    /// <exception cref="ConsensusRefusedException">There is something in the directory.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(BackupFile backup, string directory, string cluster, string name, IReadOnlyCollection<string> others)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new ConsensusRefusedException($"{directory}: it is not empty. Nothing was written; move it away, or name another --data");
        // It has its name only when all of it is there: half of a restored state is no state.
        var unfinished = directory + ".restoring";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        var id = $"{name}@{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        ImmutableArray<Member> members = [new Member(id, IsVoter: true), .. others.Select(other => new Member($"{other}@{Unmet}", IsVoter: false))];
        foreach (var (shard, snapshot) in backup.Shards.Index())
            Write(snapshot, Path.Combine(unfinished, $"shard-{shard}"), members);
        new NodeIdentity(cluster, backup.Shards.Length, id, [id]).Keep(unfinished);
        if (Directory.Exists(directory))
            Directory.Delete(directory);
        Directory.Move(unfinished, directory);
        Disk.SyncNames(Path.GetDirectoryName(Path.GetFullPath(directory))!);
    }

    private static void Write(SnapshotFile snapshot, string directory, ImmutableArray<Member> members)
    {
        Directory.CreateDirectory(directory);
        SnapshotFile.Write(directory, snapshot.Index, snapshot.Term, Membership.Of(snapshot.Index, members), to => snapshot.Read(from => from.CopyTo(to)));
        // Its next election begins a term that no entry of the old cluster has.
        using var term = new TermFile(Path.Combine(directory, "term"));
        term.Set(snapshot.Term, vote: null);
    }
}
