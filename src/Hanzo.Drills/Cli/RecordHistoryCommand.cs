using System.CommandLine;
using Hanzo.Drills.Declarations;
using Hanzo.Drills.Recording;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill record-history</c>: shops at running nodes and keeps what its clients saw.</summary>
internal static class RecordHistoryCommand
{
    public static Command Create(TimeProvider time)
    {
        var nodes = new Option<Uri[]>("--node")
        {
            Description = "The address of a node or an edge, such as http://127.0.0.1:7101; once for each",
            HelpName = "URL",
            Required = true,
            CustomParser = result =>
            {
                var addresses = result.Tokens.Select(token => Uri.TryCreate(token.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null).OfType<Uri>().ToArray();
                if (addresses.Length < result.Tokens.Count)
                    result.AddError("--node: expected a URL such as http://127.0.0.1:7101.");
                return addresses;
            },
        };
        var keyFile = new Option<FileInfo>("--key-file") { Description = "A file with the merchant's API key", HelpName = "FILE", Required = true }.AcceptExistingOnly();
        var lasts = LastsOption(TimeSpan.FromSeconds(10));
        var clients = ClientsOption();
        var seed = new Option<int>("--seed") { Description = "Repeats what the clients ask for, and where", DefaultValueFactory = _ => 1 };
        var file = new Argument<string>("file") { Description = "Where to keep the history" };
        var command = new Command("record-history", "Shop at running nodes and keep what the clients saw, for check-history") { nodes, keyFile, lasts, clients, seed, file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = new HistoryRun(
                [.. parsed.GetRequiredValue(nodes).Select(node => node.GetLeftPart(UriPartial.Authority))],
                (await File.ReadAllTextAsync(parsed.GetRequiredValue(keyFile).FullName, cancellation)).Trim(), parsed.GetValue(seed), time);
            var lines = await run.Record(parsed.GetValue(clients), parsed.GetValue(lasts));
            await File.WriteAllLinesAsync(parsed.GetValue(file)!, lines.Select(line => line.ToJson()), cancellation);
            await Console.Out.WriteLineAsync($"{lines.Count} operations");
            return 0;
        });
        return command;
    }

    public static Option<TimeSpan> LastsOption(TimeSpan usual) => new("--for")
    {
        Description = "How long, such as 60s",
        HelpName = "DURATION",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            if (Item.ParseDuration(result.Tokens.Single().Value) is { } duration && duration > TimeSpan.Zero)
                return duration;
            result.AddError("--for: expected a duration such as 60s.");
            return TimeSpan.Zero;
        },
    };

    public static Option<int> ClientsOption()
    {
        var clients = new Option<int>("--clients") { Description = "How many clients, 1 to 64", DefaultValueFactory = _ => 8 };
        clients.Validators.Add(result =>
        {
            if (int.TryParse(result.Tokens.SingleOrDefault()?.Value, out var n) && n is < 1 or > 64)
                result.AddError("--clients: expected a number from 1 to 64.");
        });
        return clients;
    }
}
