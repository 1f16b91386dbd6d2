using System.Net;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>Asks one node after the other, at its inner address, until one answers.</summary>
internal sealed class OperatorClient(IReadOnlyList<Peer> nodes, string cluster, Func<NodeCertificates>? certificates)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <exception cref="NoNodeException">None could be reached.</exception>
    /// <exception cref="IOException">One was reached and refused, or broke off.</exception>
    public Task Ask(string path, Stream to, CancellationToken cancellation) => Ask(path, "", to, cancellation);

    public async Task Ask(string path, string body, Stream to, CancellationToken cancellation)
    {
        var reasons = new List<string>();
        using var own = certificates?.Invoke();
        foreach (var node in nodes)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = ConnectTimeout, SslOptions = own?.For(node.Name) ?? new() }) { Timeout = Timeout.InfiniteTimeSpan };
            try
            {
                await Ask(http, node, path, body, to, cancellation);
                return;
            }
            catch (HttpRequestException silent) when (silent.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
            {
                reasons.Add($"{node.Url} cannot be reached: {silent.Message}");
            }
            catch (HttpRequestException broken)
            {
                throw new IOException($"{node.Name} broke off: {broken.Message}", broken);
            }
        }
        throw new NoNodeException(string.Join("; ", reasons));
    }

    private async Task Ask(HttpClient http, Peer node, string path, string body, Stream to, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Url, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent(body),
        };
        request.Headers.Add(ReplicationEndpoints.ClusterHeader, cluster);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode == HttpStatusCode.OK)
            await response.Content.CopyToAsync(to, cancellation);
        else if (await response.Content.ReadAsStringAsync(cancellation) is { Length: > 0 } why)
            throw new IOException($"{node.Name} says {why}");
        else
            throw new IOException($"{node.Url} answers {(int)response.StatusCode}: is it the inner address of a node?");
    }
}

/// <summary>No node could be reached, and why.</summary>
internal sealed class NoNodeException(string why) : Exception(why)
{
    public const int ExitCode = 3;
}
