using System.Net;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>How nodes of a cluster ask each other.</summary>
internal static class PeerRequest
{
    /// <summary>A POST over HTTP/2 that says of which cluster and node it comes.</summary>
    public static HttpRequestMessage To(Peer peer, string path, HttpContent content, ReplicationOptions options) => new(HttpMethod.Post, new Uri(peer.Url, path))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = content,
        Headers =
        {
            { ReplicationEndpoints.ClusterHeader, options.Cluster },
            { ReplicationEndpoints.MemberHeader, options.Self },
        },
    };
}
