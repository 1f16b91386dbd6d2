using System.CommandLine;
using System.Net;
using System.Text.Json;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Explaining;

namespace Hanzo.Edge.Cli;

/// <summary><c>hanzo-edge explain</c>: where a client's request would go and why, asked of a running edge or of a configuration file.</summary>
internal static class ExplainCommand
{
    /// <summary>The command, to be added to the root.</summary>
    /// <param name="reader">Reads the file of --config with the environment that `run` would have.</param>
    public static Command Create(ConfigurationReader reader)
    {
        var client = new Option<IPAddress?>("--client") { Description = "The client's address, IPv4 or IPv6.", HelpName = "IP", CustomParser = Arguments.Address };
        var clients = new Option<string?>("--clients") { Description = "A file of addresses, one a line ('-' is standard input), answered in the same order.", HelpName = "FILE" };
        var host = new Option<string?>("--host") { Description = "The host that the request names.", HelpName = "HOST" };
        var path = new Option<string?>("--path") { Description = "The path that the request asks for.", HelpName = "PATH" };
        var method = new Option<string>("--method") { Description = "The request's method.", HelpName = "METHOD", DefaultValueFactory = _ => "GET" };
        var output = new Option<string>("--output", "-o") { Description = "How to answer: text or json; ndjson for --clients.", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "json", "ndjson");
        var config = new Option<string?>("--config") { Description = "Answer offline from this configuration file, taking every region as healthy.", HelpName = "FILE" };
        var admin = Arguments.Admin();
        var command = new Command("explain", "Say where a client's request would go, and why.") { client, clients, host, path, method, output, config, admin };
        command.Validators.Add(result =>
        {
            if (result.GetResult(client) is null == result.GetResult(clients) is null)
                result.AddError("Name one client with --client IP, or a file of them with --clients FILE.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            new Request(
                parsed.GetValue(client),
                parsed.GetValue(clients),
                new ExplainQuestion(parsed.GetValue(host), parsed.GetValue(path), parsed.GetValue(method)!),
                parsed.GetValue(output)!),
            () => Open(reader, parsed.GetValue(config), parsed.GetValue(admin)!),
            parsed.InvocationConfiguration,
            cancellation));
        return command;
    }

    private static IExplainingEdge Open(ConfigurationReader reader, string? config, Uri admin) =>
        config is null ? new RunningEdge(admin) : new OfflineEdge(reader, config);

    private static async Task<int> RunAsync(Request request, Func<IExplainingEdge> open, InvocationConfiguration console, CancellationToken cancellation)
    {
        await using var edge = open();
        try
        {
            return request.Client is { } client
                ? await OneAsync(edge, client, request, console, cancellation)
                : await ManyAsync(edge, request, console, cancellation);
        }
        catch (ExplainFailure failure)
        {
            await console.Error.WriteLineAsync($"explain: {failure.Message}");
            return failure.ExitCode;
        }
    }

    private static async Task<int> OneAsync(IExplainingEdge edge, IPAddress client, Request request, InvocationConfiguration console, CancellationToken cancellation)
    {
        var json = await edge.ExplainAsync(client, request.Question, cancellation);
        if (request.Output == "text")
        {
            using var explanation = JsonDocument.Parse(json);
            await console.Output.WriteLineAsync(ExplanationText.Of(explanation.RootElement));
        }
        else await console.Output.WriteLineAsync(json);
        return ExitCode.Ok;
    }

    private static async Task<int> ManyAsync(IExplainingEdge edge, Request request, InvocationConfiguration console, CancellationToken cancellation)
    {
        await using var addresses = OpenFile(request.Clients!);
        await using var answers = Console.OpenStandardOutput();
        await edge.ExplainAsync(addresses, answers, request.Question, cancellation);
        return ExitCode.Ok;
    }

    private static Stream OpenFile(string path)
    {
        if (path == "-") return Console.OpenStandardInput();
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExplainFailure(ExitCode.Failed, $"cannot read {path}: {error.Message}");
        }
    }

    private sealed record Request(IPAddress? Client, string? Clients, ExplainQuestion Question, string Output);
}
