using System.Text;

namespace Hanzo.Commerce.Node.Sessions;

/// <summary>How long a node makes up for being behind what a client has seen.</summary>
internal sealed record SessionGateOptions
{
    /// <summary>How long requests wait unless it is said otherwise.</summary>
    public static readonly TimeSpan DefaultWait = TimeSpan.FromMilliseconds(150);

    /// <summary>Signs tokens; the same on all nodes of the cluster.</summary>
    public required byte[] Key { get; init; }

    /// <summary>How long a request waits for what its client has seen to arrive by itself. 0 to 5 s; default 150 ms.</summary>
    public TimeSpan Wait { get; init; } = DefaultWait;

    /// <summary>How long peers are then asked for just that. 0 to 5 s; default 150 ms.</summary>
    public TimeSpan Ask { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How long the leader of a shard is asked for what this node lacks of it: a round trip around the world and an election's beginning. 0 to 5 s; default 500 ms.</summary>
    public TimeSpan AskLeader { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long after that nobody waits again for the same: while a region is lost, its customers are told that they are
    /// ahead of this one, at once. Default 2 s.
    /// </summary>
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A key that is no secret, for clusters without one: whoever knows the cluster's name can make tokens, and with them make requests wait.</summary>
    public static byte[] OpenKey(string cluster) => Encoding.UTF8.GetBytes($"hanzo session {cluster}");
}
