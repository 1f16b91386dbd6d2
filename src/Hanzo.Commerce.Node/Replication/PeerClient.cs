using System.IO.Pipelines;
using System.Net;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>Asks peers over HTTP/2, one connection for each.</summary>
internal sealed class PeerClient(ReplicationOptions options, HttpMessageInvoker http) : IPeerClient
{
    public Task<PeerStream> Pull(Peer peer, VersionVector vector, IReadOnlyCollection<uint> members, CancellationToken cancellation) =>
        Ask(peer, ReplicationEndpoints.PullPath, Wire.Request(vector, members), cancellation);

    public Task<PeerStream> Fetch(Peer peer, VersionVector vector, IReadOnlyCollection<uint> members, CancellationToken cancellation) =>
        Ask(peer, ReplicationEndpoints.FetchPath, Wire.Request(vector, members), cancellation);

    public Task<PeerStream> Snapshot(Peer peer, CancellationToken cancellation) => Ask(peer, ReplicationEndpoints.SnapshotPath, [], cancellation);

    public Task<PeerStream> Digests(Peer peer, CancellationToken cancellation) => Ask(peer, ReplicationEndpoints.DigestsPath, [], cancellation);

    public Task<PeerStream> Range(Peer peer, int range, CancellationToken cancellation) =>
        Ask(peer, $"{ReplicationEndpoints.RangesPath}/{range}", [], cancellation);

    private async Task<PeerStream> Ask(Peer peer, string path, byte[] body, CancellationToken cancellation)
    {
        using var request = PeerRequest.To(peer, path, new ByteArrayContent(body), options);
        var response = await http.SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.OK)
            return new PeerStream(response, PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellation)));
        var reason = await response.Content.ReadAsStringAsync(cancellation);
        response.Dispose();
        throw new HttpRequestException($"{peer.Name} answers {(int)response.StatusCode}: {reason}");
    }
}

/// <summary>Frames as they come.</summary>
/// <param name="source">What ends with the stream.</param>
internal sealed class PeerStream(IDisposable source, PipeReader reader) : IAsyncDisposable
{
    public ValueTask<(FrameKind Kind, byte[] Content)?> Read(CancellationToken cancellation) => Frame.Read(reader, cancellation);

    public async ValueTask DisposeAsync()
    {
        await reader.CompleteAsync();
        source.Dispose();
    }
}
