using System.CommandLine;
using System.Text.Json;

namespace Hanzo.Edge.Cli;

/// <summary><c>hanzo-edge status</c>: how the running edge's regions are, and how long ago drills last passed.</summary>
internal static class StatusCommand
{
    private const string DefaultCertificate = "/var/lib/hanzo-drill/certificate.json";

    /// <summary>The command, to be added to the root.</summary>
    public static Command Create(TimeProvider time)
    {
        var admin = Arguments.Admin();
        var certificate = new Option<string>("--certificate")
        {
            Description = "What hanzo-drill run --certificate wrote when drills last passed.",
            HelpName = "FILE",
            DefaultValueFactory = _ => DefaultCertificate,
        };
        var command = new Command("status", "Say how the regions of the running edge are, and how long ago drills last passed.") { admin, certificate };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(admin)!, parsed.GetValue(certificate)!, time, parsed.InvocationConfiguration, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Uri admin, string certificate, TimeProvider time, InvocationConfiguration console, CancellationToken cancellation)
    {
        await using var edge = new RunningEdge(admin);
        try
        {
            using var regions = JsonDocument.Parse(await edge.RegionsAsync(cancellation));
            var configuredAt = await edge.ConfiguredAtAsync(cancellation);
            RegionCommand.WriteRegions(regions.RootElement, console.Output);
            await console.Output.WriteLineAsync($"{"configuration",-16} taken {Age(time.GetUtcNow() - configuredAt)} ago");
            await console.Output.WriteLineAsync($"{"drills",-16} {DrillCertificate.Read(certificate).Tell(time.GetUtcNow(), configuredAt)}");
            return ExitCode.Ok;
        }
        catch (ExplainFailure failure)
        {
            await console.Error.WriteLineAsync($"status: {failure.Message}");
            return failure.ExitCode;
        }
    }

    /// <summary>A time in its two largest units.</summary>
    internal static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{age.Days} d {age.Hours} h",
        { TotalHours: >= 1 } => $"{age.Hours} h {age.Minutes} min",
        { TotalMinutes: >= 1 } => $"{age.Minutes} min {age.Seconds} s",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)} s",
    };
}
