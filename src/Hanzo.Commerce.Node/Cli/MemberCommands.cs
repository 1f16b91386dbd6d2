using System.CommandLine;
using System.Text.Json;
using Hanzo.Commerce.Node.Consensus.Operating;
using Command = System.CommandLine.Command;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>Takes nodes in and out while the cluster serves.</summary>
internal static class MemberCommands
{
    private const int Failed = 1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static Command All(TimeProvider time, TextWriter error) => new("member", "Take nodes in or out of a running cluster. Each command may be given again, and ends when all shards have done it.")
    {
        One("add", "Take a node in: it catches up as a learner, then votes. It and the others have to be each other's --peer.", time, error, name => new AddOrder(name)),
        One("remove", "Take a node out, which may be dead; what it leads it hands over first.", time, error, name => new RemoveOrder(name)),
        Replace(time, error),
    };

    private static Command One(string verb, string description, TimeProvider time, TextWriter error, Func<string, MemberOrder> order)
    {
        var (wish, name, timeout) = (new OperatorOptions(), Name("name", "The node"), Timeout());
        var command = new Command(verb, description) { name, wish.Node, wish.Cluster, wish.Tls, wish.As, timeout };
        command.SetAction((parsed, cancellation) => Do(wish.Read(parsed), [order(parsed.GetRequiredValue(name))], parsed.GetRequiredValue(timeout), time, parsed.InvocationConfiguration.Output, error, cancellation));
        return command;
    }

    private static Command Replace(TimeProvider time, TextWriter error)
    {
        var (wish, before, after, timeout) = (new OperatorOptions(), Name("old", "The node that goes"), Name("new", "The node that comes"), Timeout());
        var command = new Command("replace", "Take a node in, and once it votes take another one out.") { before, after, wish.Node, wish.Cluster, wish.Tls, wish.As, timeout };
        command.SetAction((parsed, cancellation) => Do(wish.Read(parsed), [new AddOrder(parsed.GetRequiredValue(after)), new RemoveOrder(parsed.GetRequiredValue(before))], parsed.GetRequiredValue(timeout), time, parsed.InvocationConfiguration.Output, error, cancellation));
        return command;
    }

    private static Argument<string> Name(string name, string description) => new(name) { Description = description, CustomParser = NodeCommand.Label };

    private static Option<TimeSpan> Timeout() => new("--timeout") { Description = "Seconds until it is given up (0 to 3600); what was begun goes on by itself", DefaultValueFactory = _ => TimeSpan.FromMinutes(10), CustomParser = NodeCommand.Seconds };

    private static async Task<int> Do(OperatorClient client, MemberOrder[] orders, TimeSpan timeout, TimeProvider time, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var began = time.GetTimestamp();
            foreach (var order in orders)
            {
                for (var last = ""; await Unfinished(client, order, cancellation) is { } unfinished; last = unfinished)
                {
                    if (time.GetElapsedTime(began) >= timeout)
                    {
                        await error.WriteLineAsync($"hanzo-node: not done within {timeout.TotalSeconds} s: {unfinished}");
                        return Failed;
                    }
                    if (unfinished != last)
                        await output.WriteLineAsync(unfinished);
                    await Task.Delay(Pause, time, cancellation);
                }
                await output.WriteLineAsync(order is AddOrder ? $"{order.Name} votes in every shard" : $"{order.Name} belongs to no shard");
            }
            return 0;
        }
        catch (NoNodeException silent)
        {
            await error.WriteLineAsync($"hanzo-node: {silent.Message}");
            return NoNodeException.ExitCode;
        }
        catch (IOException refused)
        {
            await error.WriteLineAsync($"hanzo-node: {refused.Message}");
            return Failed;
        }
    }

    /// <summary>How far the shards are that have not done it yet; null when all have.</summary>
    private static async Task<string?> Unfinished(OperatorClient client, MemberOrder order, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        await client.Ask(OperatorEndpoints.MembersPath, JsonSerializer.Serialize(order, OrderJson.Default.LeaderOrder), answer, cancellation);
        var shards = JsonSerializer.Deserialize(answer.ToArray(), OrderJson.Default.OrderAnswerArray)!;
        return shards.All(shard => shard.IsDone) ? null : string.Join("; ", shards.Where(shard => !shard.IsDone).Select(shard => shard.Why));
    }
}
