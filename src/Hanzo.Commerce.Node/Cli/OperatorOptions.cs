using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>By what an operator's command finds a running cluster.</summary>
internal sealed class OperatorOptions
{
    public Option<Peer[]> Node { get; } = new("--node") { Description = "A node and its inner address, such as eu-west-1=http://127.0.0.1:7202; more than one are asked in turn", Required = true, CustomParser = NodeCommand.Peers };

    public Option<string> Cluster { get; } = new("--cluster") { Description = "The name of the cluster", DefaultValueFactory = _ => "hanzo", CustomParser = NodeCommand.Label };

    public Option<string?> Tls { get; } = new("--tls") { Description = "A directory with ca.pem and this command's own certificate, for nodes that run with --tls" };

    public Option<string> As { get; } = new("--as") { Description = "The name of that certificate: NAME.pem and NAME.key", DefaultValueFactory = _ => "operator", CustomParser = NodeCommand.Label };

    public OperatorClient Read(ParseResult parsed) => new(parsed.GetRequiredValue(Node), parsed.GetRequiredValue(Cluster), parsed.GetValue(Tls) is { } directory ? Certificates(directory, parsed.GetRequiredValue(As)) : null);

    private static Func<NodeCertificates> Certificates(string directory, string name) => () =>
    {
        try
        {
            return NodeCertificates.Read(Path.Combine(directory, $"{name}.pem"), Path.Combine(directory, $"{name}.key"), Path.Combine(directory, "ca.pem"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new IOException($"--tls: {directory} cannot be used: {unreadable.Message}");
        }
    };
}
