using System.Collections.Immutable;
using System.Net;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Sessions;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>How a node is run.</summary>
internal sealed record NodeOptions
{
    /// <summary>The region the node stands in.</summary>
    public required string Region { get; init; }

    /// <summary>The node's own name, unique among nodes; told in Hanzo-Node.</summary>
    public required string Name { get; init; }

    /// <summary>Where clients connect; port 0 takes a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where replicated state is kept; the directory belongs to this node alone. Null: in a temporary one that ends with the node.</summary>
    public string? Data { get; init; }

    /// <summary>Where peers connect; null for a node that has none. Port 0 takes a free one.</summary>
    public IPEndPoint? Inner { get; init; }

    /// <summary>The name that nodes of one cluster share.</summary>
    public string Cluster { get; init; } = "hanzo";

    /// <summary>The other nodes of the cluster.</summary>
    public ImmutableArray<Peer> Peers { get; init; } = [];

    /// <summary>By what nodes know each other; null for connections in the clear, in a network that is private.</summary>
    public NodeCertificates? Certificates { get; init; }

    /// <summary>How many shards stock, reservations, payments and orders are split into. 1 to 64, fixed at the first start; default 4.</summary>
    public int Shards { get; init; } = ConsensusOptions.DefaultShards;

    /// <summary>Which node leads a shard while it can; the others are spread over the nodes.</summary>
    public ImmutableDictionary<int, string> Leaders { get; init; } = ImmutableDictionary<int, string>.Empty;

    /// <summary>Signs session tokens, the same on all nodes. Null: a key that is no secret.</summary>
    public byte[]? SessionKey { get; init; }

    /// <summary>How long a request waits for what its client has seen elsewhere, before other nodes are asked for it. 0 to 5 s; default 150 ms.</summary>
    public TimeSpan SessionWait { get; init; } = SessionGateOptions.DefaultWait;

    /// <summary>
    /// How long the node goes on serving after SIGTERM while its readiness already says no: as long as those who probe need
    /// to see it. 0 to 1 h; default 2 s, a probe every second with time to spare.
    /// </summary>
    public TimeSpan Announce { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long requests under way may then take to finish. 0 to 1 h; default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Who may use inventory, reservations and payments. Without keys nobody may.</summary>
    public ApiKeys ApiKeys { get; init; } = ApiKeys.None;

    /// <summary>Who moves money. Without gateways nothing can be authorized.</summary>
    public GatewayRouting Gateways { get; init; } = GatewayRouting.None;

    /// <summary>Whether webhooks may go to private addresses and without TLS; for trying things out.</summary>
    public bool WebhooksToPrivate { get; init; }

    /// <summary>How many requests a second one merchant may make of this node. 1 or more; default 5,000.</summary>
    public int RequestsPerSecond { get; init; } = 5_000;
}
