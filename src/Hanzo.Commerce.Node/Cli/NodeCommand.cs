using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text.RegularExpressions;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Serving;
using Hanzo.Commerce.Node.Sessions;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>The command line. Exit codes: 0 stopped in order, 1 failed, 2 wrong usage, 3 no node answered (status, member, backup).</summary>
internal static partial class NodeCommand
{
    private const int WrongUsage = 2;

    public static async Task<int> Run(string[] args, TimeProvider time, TextWriter output, TextWriter error)
    {
        var parsed = Root(time, error).Parse(args);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? WrongUsage : exitCode;
    }

    private static RootCommand Root(TimeProvider time, TextWriter error) => new("A commerce node: the products of one region over HTTP.")
    {
        RunCommand(time, error),
        HealthCheckCommand(error),
        StatusCommand(error),
        MemberCommands.All(time, error),
        BackupCommands.Take(error),
        BackupCommands.Restore(error),
        CertificatesCommand(time),
    };

    private static Command RunCommand(TimeProvider time, TextWriter error)
    {
        var region = new Option<string>("--region") { Description = "The region the node stands in, such as us-east", Required = true, CustomParser = Label };
        var name = new Option<string>("--name") { Description = "The node's own name, such as us-east-1", Required = true, CustomParser = Label };
        var listen = new Option<IPEndPoint>("--listen") { Description = "Address and port for clients, such as 127.0.0.1:7101; port 0 takes a free one", Required = true, CustomParser = Endpoint };
        var data = new Option<string?>("--data") { Description = "The directory of the node's state, its own alone; without it the state ends with the node" };
        var inner = new Option<IPEndPoint?>("--inner") { Description = "Address and port for the other nodes, such as 127.0.0.1:7201", CustomParser = Endpoint };
        var cluster = new Option<string>("--cluster") { Description = "The name that the nodes of one cluster share", DefaultValueFactory = _ => "hanzo", CustomParser = Label };
        var peer = new Option<Peer[]>("--peer") { Description = "Another node and its inner address, such as eu-west-1=http://127.0.0.1:7202; once for each", DefaultValueFactory = _ => [], CustomParser = Peers };
        var shards = new Option<int>("--shards") { Description = "How many shards stock and payments are split into (1 to 64); fixed at the first start", DefaultValueFactory = _ => ConsensusOptions.DefaultShards, CustomParser = ShardCount };
        var leader = new Option<ImmutableDictionary<int, string>>("--leader") { Description = "The node that leads a shard while it can, such as 0=eu-west-1; once for each, the same on all nodes", DefaultValueFactory = _ => ImmutableDictionary<int, string>.Empty, CustomParser = Leaders };
        var tls = new Option<NodeCertificates?>("--tls") { Description = "A directory with ca.pem, NAME.pem and NAME.key: nodes then speak TLS to each other, and each shows its certificate", CustomParser = argument => Certificates(argument, name) };
        var sessionKey = new Option<byte[]?>("--session-key") { Description = "A file of at least 32 bytes that signs session tokens, the same for all nodes", CustomParser = SessionKeyFile };
        var sessionWait = new Option<TimeSpan>("--session-wait") { Description = "Milliseconds that a request waits for what its client has seen elsewhere, before other nodes are asked for it (0 to 5000)", DefaultValueFactory = _ => SessionGateOptions.DefaultWait, CustomParser = Milliseconds };
        var announce = new Option<TimeSpan>("--announce") { Description = "Seconds to go on serving after SIGTERM while /readyz already says no (0 to 3600)", DefaultValueFactory = _ => TimeSpan.FromSeconds(2), CustomParser = Seconds };
        var drainTimeout = new Option<TimeSpan>("--drain-timeout") { Description = "Seconds that requests under way may then take (0 to 3600)", DefaultValueFactory = _ => TimeSpan.FromSeconds(30), CustomParser = Seconds };
        var apiKeys = new Option<ApiKeys>("--api-keys") { Description = "A file of lines MERCHANT SHA256: who may use inventory, reservations and payments", DefaultValueFactory = _ => ApiKeys.None, CustomParser = KeyFile };
        var developmentKey = new Option<string>("--development-key") { Description = "An API key of the merchant demo, as it is; not for production", CustomParser = Key };
        var rateLimit = new Option<int>("--rate-limit") { Description = "Requests a second that one merchant may make of this node (1 to 1000000)", DefaultValueFactory = _ => 5_000, CustomParser = Rate };
        var fakeGateway = new Option<bool>("--fake-gateway") { Description = "Take payments by a gateway that moves nothing and answers by a script; not for production" };
        var gateways = new Option<GatewayRouting>("--gateways") { Description = "A file of the gateways and routes of payments (docs/api.md)", DefaultValueFactory = _ => GatewayRouting.None, CustomParser = argument => GatewaysFile(argument, time) };
        var webhooksToPrivate = new Option<bool>("--webhooks-to-private") { Description = "Let webhooks go to private addresses and without TLS; not for production" };
        var command = new Command("run", "Serve until SIGTERM.") { gateways, webhooksToPrivate, fakeGateway, region, name, listen, data, inner, cluster, peer, tls, shards, leader, sessionKey, sessionWait, announce, drainTimeout, apiKeys, developmentKey, rateLimit };
        command.Validators.Add(result =>
        {
            var wanted = result.GetResult(tls) is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
            if (result.GetResult(peer)?.Errors.Any() == false && result.GetValue(peer)?.FirstOrDefault(other => other.Url.Scheme != wanted) is { } odd)
                result.AddError($"--peer: {odd.Name} is to be reached by {wanted}, with --tls by https and without it by http.");
        });
        command.SetAction((parsed, _) => NodeHost.Run(
            new NodeOptions
            {
                Region = parsed.GetRequiredValue(region),
                Name = parsed.GetRequiredValue(name),
                Listen = parsed.GetRequiredValue(listen),
                Data = parsed.GetValue(data),
                Inner = parsed.GetValue(inner),
                Cluster = parsed.GetRequiredValue(cluster),
                Peers = [.. parsed.GetRequiredValue(peer)],
                Certificates = parsed.GetValue(tls),
                Shards = parsed.GetRequiredValue(shards),
                Leaders = parsed.GetRequiredValue(leader),
                SessionKey = parsed.GetValue(sessionKey),
                SessionWait = parsed.GetRequiredValue(sessionWait),
                Announce = parsed.GetRequiredValue(announce),
                DrainTimeout = parsed.GetRequiredValue(drainTimeout),
                ApiKeys = parsed.GetValue(developmentKey) is { } key ? parsed.GetRequiredValue(apiKeys).With(ApiKeys.Development(key)) : parsed.GetRequiredValue(apiKeys),
                Gateways = parsed.GetValue(fakeGateway) ? GatewayRouting.Only(new FakeGateway(time)) : parsed.GetRequiredValue(gateways),
                WebhooksToPrivate = parsed.GetValue(webhooksToPrivate),
                RequestsPerSecond = parsed.GetRequiredValue(rateLimit),
            },
            time,
            error));
        return command;
    }

    private static Command CertificatesCommand(TimeProvider time)
    {
        var directory = new Option<string>("--directory") { Description = "Where they are written", Required = true };
        var node = new Option<string[]>("--node") { Description = "The name of a node; once for each", Required = true };
        var command = new Command("certs", "Make certificates for trying TLS between nodes: an authority whose key is kept nowhere, and one for each node.") { directory, node };
        command.SetAction(parsed => CertificateSet.Write(parsed.GetRequiredValue(directory), parsed.GetRequiredValue(node), time));
        return command;
    }

    private static NodeCertificates? Certificates(ArgumentResult argument, Option<string> name)
    {
        var directory = argument.Tokens.Single().Value;
        try
        {
            var own = argument.GetResult(name) is { Tokens: [{ Value: var text }] } ? text : "";
            return NodeCertificates.Read(Path.Combine(directory, $"{own}.pem"), Path.Combine(directory, $"{own}.key"), Path.Combine(directory, "ca.pem"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            argument.AddError($"--tls: {directory} cannot be used: {unreadable.Message}");
            return null;
        }
    }

    private static Command HealthCheckCommand(TextWriter error)
    {
        var url = new Option<Uri>("--url") { Description = "What to ask", DefaultValueFactory = _ => new Uri("http://127.0.0.1:7101/livez"), CustomParser = HttpUrl };
        var command = new Command("healthcheck", "Ask a running node whether it is well: exit code 0 or 1.") { url };
        command.SetAction((parsed, cancellation) => HealthCheck.Ask(parsed.GetRequiredValue(url), error, cancellation));
        return command;
    }

    private static Command StatusCommand(TextWriter error)
    {
        var url = new Option<Uri>("--url") { Description = "The node to ask", DefaultValueFactory = _ => new Uri("http://127.0.0.1:7101"), CustomParser = HttpUrl };
        var output = new Option<string>("--output", "-o") { Description = "How to answer: text or json.", DefaultValueFactory = _ => "text" }.AcceptOnlyFromAmong("text", "json");
        var command = new Command("status", "Tell how the shards stand as one node sees them: exit code 0 when each has a leader, 1 when one has none, 3 when the node does not answer.") { url, output };
        command.SetAction((parsed, cancellation) => ClusterStatus.Show(parsed.GetRequiredValue(url), parsed.GetValue(output) == "json", parsed.InvocationConfiguration.Output, error, cancellation));
        return command;
    }

    internal static string? Label(ArgumentResult argument) =>
        argument.Tokens is [{ Value: var text }] && LabelPattern.IsMatch(text)
            ? text
            : Refuse<string>(argument, "1 to 63 lower-case letters, digits and inner hyphens");

    private static IPEndPoint? Endpoint(ArgumentResult argument) =>
        // IPEndPoint takes a bare address for port 0, and a bare number for an address.
        argument.Tokens is [{ Value: var text }] && EndpointPattern.IsMatch(text) && IPEndPoint.TryParse(text, out var endpoint)
            ? endpoint
            : Refuse<IPEndPoint>(argument, "an IP address and a port, such as 127.0.0.1:7101 or [::1]:7101");

    internal static Peer[]? Peers(ArgumentResult argument)
    {
        var peers = new List<Peer>();
        foreach (var token in argument.Tokens)
        {
            if (token.Value.Split('=', 2) is not [var name, var url] || !LabelPattern.IsMatch(name)
                || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                return Refuse<Peer[]>(argument, "a node's name and its inner address, such as eu-west-1=http://127.0.0.1:7202");
            peers.Add(new Peer(name, address));
        }
        return [.. peers];
    }

    private static int ShardCount(ArgumentResult argument) =>
        argument.Tokens is [{ Value: var text }] && int.TryParse(text, out var count) && count is >= 1 and <= 64
            ? count
            : Refuse<int>(argument, "a whole number from 1 to 64");

    private static ImmutableDictionary<int, string>? Leaders(ArgumentResult argument)
    {
        var leaders = ImmutableDictionary.CreateBuilder<int, string>();
        foreach (var token in argument.Tokens)
        {
            if (token.Value.Split('=', 2) is not [var shard, var node] || !int.TryParse(shard, out var number) || number is < 0 or > 63 || !LabelPattern.IsMatch(node))
                return Refuse<ImmutableDictionary<int, string>>(argument, "a shard's number and a node's name, such as 0=eu-west-1");
            leaders[number] = node;
        }
        return leaders.ToImmutable();
    }

    private static byte[]? SessionKeyFile(ArgumentResult argument)
    {
        try
        {
            return argument.Tokens is [{ Value: var path }] && File.ReadAllBytes(path) is { Length: >= 32 } key ? key : Refuse<byte[]>(argument, "a file of at least 32 bytes");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Refuse<byte[]>(argument, $"a file of at least 32 bytes; {unreadable.Message}");
        }
    }

    internal static TimeSpan Seconds(ArgumentResult argument) => Span(argument, "seconds", TimeSpan.FromSeconds(1), most: 3600);

    private static TimeSpan Milliseconds(ArgumentResult argument) => Span(argument, "milliseconds", TimeSpan.FromMilliseconds(1), most: 5000);

    private static TimeSpan Span(ArgumentResult argument, string units, TimeSpan unit, int most) =>
        argument.Tokens is [{ Value: var text }] && double.TryParse(text, out var number) && number >= 0 && number <= most
            ? unit * number
            : Refuse<TimeSpan>(argument, $"{units} from 0 to {most}");

    private static ApiKeys? KeyFile(ArgumentResult argument)
    {
        var path = argument.Tokens.Single().Value;
        try
        {
            return ApiKeys.Parse(File.ReadAllLines(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            argument.AddError($"--api-keys: {path} cannot be used: {unreadable.Message}");
            return null;
        }
    }

    private static GatewayRouting? GatewaysFile(ArgumentResult argument, TimeProvider time)
    {
        var path = argument.Tokens.Single().Value;
        try
        {
            return GatewayFile.Read(path, time);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
        {
            argument.AddError($"--gateways: {path} cannot be used: {unreadable.Message}");
            return null;
        }
    }

    private static string? Key(ArgumentResult argument) =>
        argument.Tokens is [{ Value: { Length: >= 8 } text }] ? text : Refuse<string>(argument, "a key of at least 8 characters");

    private static int Rate(ArgumentResult argument) =>
        argument.Tokens is [{ Value: var text }] && int.TryParse(text, out var rate) && rate is >= 1 and <= 1_000_000
            ? rate
            : Refuse<int>(argument, "a whole number from 1 to 1000000");

    private static Uri? HttpUrl(ArgumentResult argument) =>
        argument.Tokens is [{ Value: var text }] && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            ? url
            : Refuse<Uri>(argument, "an http URL");

    internal static bool IsLabel(string text) => LabelPattern.IsMatch(text);

    internal static T? Refuse<T>(ArgumentResult argument, string expected)
    {
        argument.AddError($"{((OptionResult)argument.Parent!).Option.Name}: expected {expected}.");
        return default;
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex LabelPattern { get; }

    [GeneratedRegex(@"\A(?:[0-9]+(?:\.[0-9]+){3}|\[[0-9A-Fa-f:.]+\]):[0-9]+\z")]
    private static partial Regex EndpointPattern { get; }
}
