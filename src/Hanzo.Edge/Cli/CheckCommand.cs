using System.CommandLine;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Checks;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Routes;

namespace Hanzo.Edge.Cli;

/// <summary>`hanzo-edge check FILE`: everything wrong with a configuration, or what would run.</summary>
internal static class CheckCommand
{
    /// <summary>The command, to be added to the root.</summary>
    /// <param name="reader">Reads with the environment that `run` would have.</param>
    public static Command Create(ConfigurationReader reader)
    {
        var file = new Argument<string>("FILE") { Description = "The configuration file." };
        var output = new Option<string>("--output", "-o") { Description = "How to answer: text or json.", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("check", "Say everything that is wrong with a configuration file, or what it would run.") { file, output };
        command.SetAction(parsed => Check(reader, parsed.GetRequiredValue(file), parsed.GetRequiredValue(output) == "json", parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int Check(ConfigurationReader reader, string file, bool json, TextWriter output)
    {
        var result = reader.ReadFile(file);
        if (json)
            output.WriteLine(CheckReport.Of(result, file).ToJson());
        else
            Write(result, file, output);
        return result.Configuration is null ? ExitCode.Failed : ExitCode.Ok;
    }

    private static void Write(ConfigurationResult result, string file, TextWriter output)
    {
        ProblemReport.Write(result, file, output);
        if (result.Configuration is not { } edge)
            return;
        output.WriteLine($"{file}: ok");
        output.WriteLine($"  edge     {edge.Name}, configuration {edge.Version.Hash}");
        output.WriteLine($"  listen   {string.Concat(edge.Listen.Select(listen => $"{Describe(listen)}; "))}{(edge.Dns is { } dns ? $"dns {string.Join(", ", dns.Listen)}; " : "")}admin {edge.Admin}");
        foreach (var region in edge.Topology.Regions)
            output.WriteLine($"  region   {region.Name}: {string.Join(", ", region.Endpoints.Select(endpoint => endpoint.Name).Concat(edge.Sources.Where(source => source.Region == region.Name).Select(source => $"dns {source}")))}{(region.Drained ? " (drained)" : "")}");
        foreach (var route in edge.Routes)
            output.WriteLine($"  route    {route.Route.RouteId}: {Describe(route)}");
        foreach (var line in edge.Failover.Requests)
            Write("requests", line, output);
        foreach (var line in edge.Failover.Dns)
            Write("dns", line, output);
    }

    private static void Write(string path, FailoverLine line, TextWriter output)
    {
        output.WriteLine($"  failover {path}, {line.Name}: {FailoverChecks.Show(line.Budget.Worst)} at worst, {(line.Budget.Bound is { } bound ? $"{FailoverChecks.Show(bound)} promised" : "nothing promised")}");
        foreach (var row in line.Budget.Rows)
            output.WriteLine($"             {row.Name,-38} {FailoverChecks.Show(row.Share),8}");
    }

    private static string Describe(ListenOptions listen)
        => $"{(listen.Tls is null ? "http" : "https")}://{listen.Address}{(listen.ProxyProtocol ? " (PROXY protocol)" : "")}";

    private static string Describe(EdgeRoute route)
    {
        var match = route.Route.Match;
        var methods = match.Methods is null ? "" : string.Join(",", match.Methods) + " ";
        var hosts = match.Hosts is null ? "" : string.Join(",", match.Hosts);
        return $"{methods}{hosts}{match.Path ?? "/{**any}"}, state {RouteSection.StateWord.Show(route.State)}";
    }
}
