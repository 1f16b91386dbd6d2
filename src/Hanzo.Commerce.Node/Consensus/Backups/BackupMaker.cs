using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Consensus.Backups;

/// <summary>Answers an operator with a backup. It lies on this node's disk while it is sent, so that a slow reader keeps no old state in memory.</summary>
internal sealed class BackupMaker(Standstill standstill, ConsensusOptions options, TimeProvider time, ILogger<BackupMaker> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public void Dispose() => _one.Dispose();

    public async Task Answer(HttpContext context)
    {
        var cancellation = context.RequestAborted;
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellation))
        {
            await Refuse(context, StatusCodes.Status409Conflict, "this node makes a backup already");
            return;
        }
        try
        {
            await Make(context, cancellation);
        }
        catch (NotSavedException not)
        {
            await Refuse(context, StatusCodes.Status503ServiceUnavailable, not.Message);
        }
        catch (IOException full) when (!context.Response.HasStarted)
        {
            await Refuse(context, StatusCodes.Status507InsufficientStorage, full.Message);
        }
        finally
        {
            Clear();
            _one.Release();
        }
    }

    private string Folder => Path.Combine(options.Directory, "outgoing");

    private async Task Make(HttpContext context, CancellationToken cancellation)
    {
        Clear();
        var states = await standstill.Save(cancellation);
        var at = time.GetUtcNow();
        var snapshots = await PoolThreads.Beside(() => states.Select(Write).ToArray());
        var head = new BackupHead(BackupHead.Known, options.Cluster, options.Name, at, [.. snapshots.Select(snapshot => new BackupShard(snapshot.Index, snapshot.Term, snapshot.Length))]);
        var encoded = BackupFile.Encode(head);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = encoded.Length + snapshots.Sum(snapshot => snapshot.Length);
        await context.Response.Body.WriteAsync(encoded, cancellation);
        foreach (var snapshot in snapshots)
            await context.Response.SendFileAsync(snapshot.Path, cancellation);
        log.BackupMade(options.Cluster, context.Response.ContentLength.Value);
    }

    private SnapshotFile Write(SavedState state, int shard)
    {
        var folder = Path.Combine(Folder, $"{shard}");
        Directory.CreateDirectory(folder);
        return SnapshotFile.Write(folder, state.At.Index, state.At.Term, state.Members, state.Write);
    }

    private void Clear()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private static Task Refuse(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
