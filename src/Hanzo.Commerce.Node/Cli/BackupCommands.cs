using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Backups;
using Hanzo.Commerce.Node.Consensus.Operating;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Serving;
using Command = System.CommandLine.Command;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>Backups of stock, reservations, payments and orders: taken of a running cluster, proved, and begun anew from.</summary>
internal static class BackupCommands
{
    private const int Failed = 1;

    public static Command Take(TextWriter error)
    {
        var wish = new OperatorOptions();
        var output = new Option<string>("--out") { Description = "The file to write; it must not be there yet", Required = true };
        var command = new Command("backup", "Write what all shards of a running cluster hold at one instant into a file: exit code 3 when no node answers.") { wish.Node, wish.Cluster, wish.Tls, wish.As, output };
        command.SetAction((parsed, cancellation) => Take(wish.Read(parsed), parsed.GetRequiredValue(output), parsed.InvocationConfiguration.Output, error, cancellation));
        command.Subcommands.Add(Verify(error));
        return command;
    }

    public static Command Restore(TextWriter error)
    {
        var file = new Argument<string>("file") { Description = "A backup" };
        var data = new Option<string>("--data") { Description = "The data directory of the node that begins; it has no replicas yet", Required = true };
        var name = new Option<string>("--name") { Description = "The name of that node", Required = true, CustomParser = NodeCommand.Label };
        var node = new Option<string[]>("--node") { Description = "The name of another node of the cluster; once for each. It starts with an empty data directory", DefaultValueFactory = _ => [], CustomParser = Names };
        var cluster = new Option<string?>("--cluster") { Description = "The name of the cluster; by default that of the backup", CustomParser = NodeCommand.Label };
        var command = new Command("restore", "Begin a cluster anew from a backup: on one node, from which the others fetch everything.") { file, data, name, node, cluster };
        command.SetAction(parsed => Restore(parsed.GetRequiredValue(file), parsed.GetRequiredValue(data), parsed.GetRequiredValue(name), parsed.GetRequiredValue(node), parsed.GetValue(cluster), parsed.InvocationConfiguration.Output, error));
        return command;
    }

    private static Command Verify(TextWriter error)
    {
        var file = new Argument<string>("file") { Description = "A backup" };
        var command = new Command("verify", "Prove every checksum of a backup, read every row, and tell what is in it.") { file };
        command.SetAction(parsed => Verified(parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Output, error) is null ? Failed : 0);
        return command;
    }

    private static async Task<int> Take(OperatorClient client, string path, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var unfinished = path + ".unfinished";
        try
        {
            if (File.Exists(path))
                throw new IOException($"{path}: it is there already");
            await using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                await client.Ask(OperatorEndpoints.BackupPath, file, cancellation);
                file.Flush(flushToDisk: true);
            }
            // Proved before it gets its name: a file that has it can be restored.
            if (Verified(unfinished, output, error) is null)
                return Failed;
            File.Move(unfinished, path);
            return 0;
        }
        catch (NoNodeException silent)
        {
            await error.WriteLineAsync($"hanzo-node: {silent.Message}");
            return NoNodeException.ExitCode;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"hanzo-node: no backup: {refused.Message}");
            return Failed;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static int Restore(string path, string data, string name, string[] others, string? cluster, TextWriter output, TextWriter error)
    {
        if (Verified(path, output, error) is not { } backup)
            return Failed;
        try
        {
            Restoration.Write(backup, Path.Combine(data, ReplicatedLog.Folder), cluster ?? backup.Head.Cluster, name, [.. others.Except([name])]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"hanzo-node: not restored: {refused.Message}");
            return Failed;
        }
        output.WriteLine($"restored to {data}: start {name} with --data {data} --cluster {cluster ?? backup.Head.Cluster} --shards {backup.Shards.Length}, and the other nodes with empty data directories");
        return 0;
    }

    /// <summary>Proves a backup and tells what is in it; null where it cannot be used, which is then told.</summary>
    private static BackupFile? Verified(string path, TextWriter output, TextWriter error)
    {
        try
        {
            var backup = BackupFile.Open(path);
            output.WriteLine($"cluster {backup.Head.Cluster} at {backup.Head.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}, written by {backup.Head.Node}");
            foreach (var (shard, snapshot) in backup.Shards.Index())
                output.WriteLine($"shard {shard}: entry {snapshot.Index} of term {snapshot.Term}, {Content(path, shard, snapshot.Read)}");
            return backup;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"hanzo-node: {refused.Message}");
            return null;
        }
    }

    private static string Content(string path, int shard, Action<Action<Stream>> read)
    {
        var machine = new CommerceMachine();
        try
        {
            read(machine.Load);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or System.Text.Json.JsonException)
        {
            throw new DamagedBackupException(path, $"the state of shard {shard} cannot be read by this program: {unreadable.Message}");
        }
        var state = machine.State;
        return $"{state.Inventory.Stock.Count} SKUs, {state.Inventory.Reservations.Count} reservations, {state.Payments.All.Count} payments, {state.Orders.Count} orders";
    }

    private static string[]? Names(ArgumentResult argument) => argument.Tokens.All(token => NodeCommand.IsLabel(token.Value))
        ? [.. argument.Tokens.Select(token => token.Value)]
        : NodeCommand.Refuse<string[]>(argument, "a node's name, such as eu-west-1");
}
