using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Cli;

/// <summary><c>hanzo-edge region</c>: what a running edge observes of its regions, and what an operator forces against it for a time.</summary>
internal static class RegionCommand
{
    /// <summary>The command, to be added to the root.</summary>
    public static Command Create() => new("region", "See regions, and drain or force them for a time.")
    {
        List(),
        Order("drain", RegionOverride.Drained, "Send a region no new requests; those under way finish."),
        Order("undrain", RegionOverride.None, "Take every override of a region back: what is observed decides again."),
        Order("force-up", RegionOverride.ForcedUp, "Take a region for up, whatever probes say."),
        Order("force-down", RegionOverride.ForcedDown, "Take a region for down, whatever probes say."),
    };

    private static Command List()
    {
        var output = Output();
        var admin = Arguments.Admin();
        var command = new Command("list", "Say what is observed of every region and what is forced.") { output, admin };
        command.SetAction((parsed, cancellation) => AskAsync(parsed.GetValue(admin)!, edge => edge.RegionsAsync(cancellation), parsed.GetValue(output)!, parsed.InvocationConfiguration));
        return command;
    }

    private static Command Order(string name, RegionOverride kind, string says)
    {
        var region = new Argument<string>("NAME") { Description = "The region; * stands for any text and ? for any one letter." };
        var reason = new Option<string>("--reason") { Description = "Why, for those who find it later.", HelpName = "TEXT", Required = true };
        var time = new Option<TimeSpan>("--for")
        {
            Description = $"How long it holds, such as 30m or 2h; at most {OverrideRules.MaxTime.TotalHours:0}h. It ends by itself.",
            HelpName = "DURATION",
            Required = true,
            CustomParser = Duration,
        };
        var anyway = new Option<bool>("--yes-really") { Description = "Override several regions at once." };
        var output = Output();
        var admin = Arguments.Admin();
        var command = new Command(name, says) { region, reason, output, admin };
        if (kind != RegionOverride.None)
        {
            command.Add(time);
            command.Add(anyway);
        }
        command.SetAction((parsed, cancellation) => AskAsync(
            parsed.GetValue(admin)!,
            edge => edge.OverrideAsync(
                new OverrideOrder(
                    parsed.GetRequiredValue(region), kind, parsed.GetRequiredValue(reason), $"{Environment.UserName}@{Environment.MachineName}",
                    kind == RegionOverride.None ? TimeSpan.Zero : parsed.GetRequiredValue(time),
                    kind != RegionOverride.None && parsed.GetValue(anyway)),
                cancellation),
            parsed.GetValue(output)!,
            parsed.InvocationConfiguration));
        return command;
    }

    private static async Task<int> AskAsync(Uri admin, Func<RunningEdge, Task<string>> ask, string output, InvocationConfiguration console)
    {
        await using var edge = new RunningEdge(admin);
        try
        {
            var json = await ask(edge);
            if (output == "json")
            {
                await console.Output.WriteLineAsync(json);
                return ExitCode.Ok;
            }
            using var regions = JsonDocument.Parse(json);
            WriteRegions(regions.RootElement, console.Output);
            return ExitCode.Ok;
        }
        catch (ExplainFailure failure)
        {
            await console.Error.WriteLineAsync($"region: {failure.Message}");
            return failure.ExitCode;
        }
    }

    /// <summary>Every region with what is observed and what is forced, for a person.</summary>
    public static void WriteRegions(JsonElement answer, TextWriter output)
    {
        var overrides = answer.GetProperty("overrides").EnumerateArray().ToList();
        foreach (var region in answer.GetProperty("regions").EnumerateArray())
        {
            var name = region.GetProperty("name").GetString();
            output.WriteLine($"{name,-16} observed {region.GetProperty("observed").GetString(),-8} forced {region.GetProperty("forced").GetString()}{(region.GetProperty("drainedByConfiguration").GetBoolean() ? ", drained by configuration" : "")}");
            foreach (var one in overrides.Where(one => one.GetProperty("region").GetString() == name)) Tell(one, output);
        }
        foreach (var one in overrides.Where(one => answer.GetProperty("regions").EnumerateArray().All(region => region.GetProperty("name").GetString() != one.GetProperty("region").GetString())))
        {
            output.WriteLine($"{one.GetProperty("region").GetString(),-16} in no configuration; forced {one.GetProperty("kind").GetString()}");
            Tell(one, output);
        }
        if (overrides.Count > 0 && !answer.GetProperty("keptOverRestart").GetBoolean())
            output.WriteLine("A restart of this edge forgets overrides: its configuration has no health.overrides.file.");
    }

    private static void Tell(JsonElement one, TextWriter output) =>
        output.WriteLine($"{"",-16} until {one.GetProperty("until").GetDateTimeOffset().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z by {one.GetProperty("by").GetString()}: {one.GetProperty("reason").GetString()}");

    private static TimeSpan Duration(ArgumentResult result)
    {
        if (Scalars.DurationOf(result.Tokens[0].Value) is { } time) return time;
        result.AddError($"'{result.Tokens[0].Value}' is not a duration: write a number and ms, s, m or h, such as 30m.");
        return TimeSpan.Zero;
    }

    private static Option<string> Output() => new Option<string>("--output", "-o") { Description = "How to answer: text or json.", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "json");
}
