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
        var request = new Option<string?>("--request") { Description = "What was decided for this request, by its Request-Id, and every attempt it had.", HelpName = "ID" };
        var at = new Option<DateTimeOffset?>("--at") { Description = "With --client: what was decided for its last request that had ended at this time (UTC unless it says otherwise).", HelpName = "TIME", CustomParser = Arguments.Time };
        var whatIf = new Option<string[]>("--what-if") { Description = $"Suppose a region's state: {WhatIf.Words}. May be given several times.", HelpName = "REGION=STATE", DefaultValueFactory = _ => [] };
        var name = new Option<string?>("--name") { Description = "Explain a DNS query for this name instead of a request: by --ecs, or by the resolver's address with --client.", HelpName = "NAME" };
        var ecs = new Option<IPNetwork?>("--ecs") { Description = "The client's network as a resolver tells it (EDNS Client Subnet).", HelpName = "NETWORK", CustomParser = Arguments.Network };
        var config = new Option<string?>("--config") { Description = "Answer offline from this configuration file, taking every region as healthy.", HelpName = "FILE" };
        var admin = Arguments.Admin();
        var command = new Command("explain", "Say where a client's request would go, and why.") { client, clients, request, at, host, path, method, whatIf, name, ecs, output, config, admin };
        command.Validators.Add(result =>
        {
            if (result.GetResult(name) is not null || result.GetResult(ecs) is not null)
            {
                if (result.GetResult(name) is null || new Option[] { client, ecs }.Count(option => result.GetResult(option) is not null) != 1)
                    result.AddError("A DNS query has a --name, and a client told by --ecs NETWORK or a resolver by --client IP.");
                else if (new Option[] { clients, request, at, host, path }.Any(option => result.GetResult(option) is not null) || result.GetValue(whatIf) is { Length: > 0 })
                    result.AddError("With --name only --ecs, --client, --output, --config and --admin have a meaning.");
            }
            else if (new Option[] { client, clients, request }.Count(option => result.GetResult(option) is not null) != 1)
                result.AddError("Name one client with --client IP, a file of them with --clients FILE, or a request with --request ID.");
            else if (result.GetResult(at) is not null && result.GetResult(client) is null)
                result.AddError("--at speaks of a client: name it with --client IP.");
            else if (result.GetResult(config) is not null && (result.GetResult(request) is not null || result.GetResult(at) is not null))
                result.AddError("Only a running edge has receipts: leave out --config.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            new Request(
                parsed.GetValue(client),
                parsed.GetValue(clients),
                new ExplainQuestion(parsed.GetValue(host), parsed.GetValue(path), parsed.GetValue(method)!) { WhatIf = parsed.GetValue(whatIf)! },
                parsed.GetValue(output)!,
                parsed.GetValue(request),
                parsed.GetValue(at),
                parsed.GetValue(name) is { } asked ? new DnsQuestion(asked, parsed.GetValue(ecs) ?? Alone(parsed.GetValue(client)!), parsed.GetValue(ecs) is not null) : null),
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
            if (request.Dns is { } query) return await DnsAsync(edge, query, request, console, cancellation);
            if (request.Id is not null || request.At is not null) return await ReceiptAsync((RunningEdge)edge, request, console, cancellation);
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

    private static IPNetwork Alone(IPAddress address) => new(address, address.GetAddressBytes().Length * 8);

    private static async Task<int> DnsAsync(IExplainingEdge edge, DnsQuestion query, Request request, InvocationConfiguration console, CancellationToken cancellation)
    {
        var json = await edge.ExplainDnsAsync(query, cancellation);
        using var explanation = JsonDocument.Parse(json);
        await console.Output.WriteLineAsync(request.Output == "text" ? ExplanationText.OfDns(explanation.RootElement) : json);
        return ExitCode.Ok;
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

    private static async Task<int> ReceiptAsync(RunningEdge edge, Request request, InvocationConfiguration console, CancellationToken cancellation)
    {
        var json = request.Id is { } id ? await edge.ReceiptAsync(id, cancellation) : await edge.ReceiptAsync(request.Client!, request.At!.Value, cancellation);
        using var receipt = JsonDocument.Parse(json);
        await console.Output.WriteLineAsync(request.Output == "text" ? ReceiptText.Of(receipt.RootElement) : json);
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

    private sealed record Request(IPAddress? Client, string? Clients, ExplainQuestion Question, string Output, string? Id, DateTimeOffset? At, DnsQuestion? Dns);
}
