using System.Net;
using Hanzo.Edge.Explaining;

namespace Hanzo.Edge.Cli;

/// <summary>Who answers <c>hanzo-edge explain</c>: a running edge, or a configuration file taken by itself.</summary>
internal interface IExplainingEdge : IAsyncDisposable
{
    /// <summary>The explanation of one client as a JSON object.</summary>
    /// <exception cref="ExplainFailure">There is no answer; the message says why.</exception>
    Task<string> ExplainAsync(IPAddress client, ExplainQuestion question, CancellationToken cancellation);

    /// <summary>The explanation of what a DNS query is answered, as a JSON object.</summary>
    /// <exception cref="ExplainFailure">There is no answer; the message says why.</exception>
    Task<string> ExplainDnsAsync(DnsQuestion question, CancellationToken cancellation);

    /// <summary>The explanations of a file of addresses, one JSON object a line in the order of the file.</summary>
    /// <exception cref="ExplainFailure">There is no answer; the message says why.</exception>
    Task ExplainAsync(Stream addresses, Stream answers, ExplainQuestion question, CancellationToken cancellation);
}

/// <summary>Why there is no explanation, and what to tell the shell.</summary>
internal sealed class ExplainFailure(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
