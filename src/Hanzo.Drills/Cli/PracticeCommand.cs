using System.CommandLine;
using System.Globalization;
using Hanzo.Drills.Declarations;
using Hanzo.Drills.Practice;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill practice</c>: takes a region of a live system away for a while.</summary>
internal static class PracticeCommand
{
    private const int CouldNotPractise = 2;

    public static Command Create(TimeProvider time)
    {
        var edge = new Option<Uri>("--edge")
        {
            Description = "The admin address of the edge",
            HelpName = "URL",
            Required = true,
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                    return url;
                result.AddError("--edge: expected a URL such as http://127.0.0.1:8081.");
                return null;
            },
        };
        var tokenFile = new Option<FileInfo?>("--token-file") { Description = "A file with the bearer token that what stands before the admin address asks for", HelpName = "FILE" };
        var region = new Option<string>("--region") { Description = "The region to drain", HelpName = "NAME", Required = true };
        var lasts = new Option<TimeSpan>("--for")
        {
            Description = "How long, such as 10m",
            HelpName = "DURATION",
            Required = true,
            CustomParser = result =>
            {
                if (Item.ParseDuration(result.Tokens.Single().Value) is { } duration && duration > TimeSpan.Zero)
                    return duration;
                result.AddError("--for: expected a duration such as 10m.");
                return TimeSpan.Zero;
            },
        };
        var reason = new Option<string>("--reason") { Description = "Why, for those who find the override", HelpName = "TEXT", DefaultValueFactory = _ => "practice" };
        var failed = new Option<double>("--max-failed")
        {
            Description = "The share of a second's requests that may fail, such as 0.01, before the region is given back",
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.01,
        };
        var command = new Command("practice", "Drain a region of a live system for a while, watch its customers and give it back; exit 0 when it passed, 1 when it failed, 2 when it was interrupted or blocked")
        {
            edge, tokenFile, region, lasts, reason, failed,
        };
        command.SetAction((parsed, _) => Run(
            parsed.GetRequiredValue(edge), parsed.GetValue(tokenFile),
            new PracticePlan(parsed.GetRequiredValue(region), parsed.GetRequiredValue(lasts), parsed.GetRequiredValue(reason), parsed.GetRequiredValue(failed)), time));
        return command;
    }

    private static async Task<int> Run(Uri address, FileInfo? tokenFile, PracticePlan plan, TimeProvider time)
    {
        if (tokenFile is { Exists: false })
        {
            await Console.Error.WriteLineAsync($"{tokenFile}: there is no such file");
            return CouldNotPractise;
        }
        using var stop = new StopRequest(time);
        using var edge = new EdgeAdmin(address, tokenFile is null ? null : (await File.ReadAllTextAsync(tokenFile.FullName)).Trim());
        var checklist = Checklist.For(Console.Out, time);
        PracticeResult? result = null;
        await checklist.Do($"practised without {plan.Region}", async progress =>
        {
            try
            {
                result = await new PracticeRun(edge, plan, progress, time).Run(stop.Token);
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
            {
                result = new PracticeResult(PracticeOutcome.Blocked, $"the edge does not answer: {unreachable.Message}");
            }
            return result.Outcome == PracticeOutcome.Passed ? null : result.Why;
        });
        checklist.Say(string.Create(CultureInfo.InvariantCulture, $"{result!.Outcome.ToString().ToUpperInvariant()} {plan.Region}: {result.Why}"));
        return result.Outcome switch { PracticeOutcome.Passed => 0, PracticeOutcome.Failed => 1, _ => CouldNotPractise };
    }
}
