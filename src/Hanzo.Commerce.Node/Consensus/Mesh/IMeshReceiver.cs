using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>Who hears what other nodes say.</summary>
internal interface IMeshReceiver
{
    /// <summary>Another node said who it is.</summary>
    void Met(Hello other);

    /// <summary>The connection to a node broke: what was on its way to it may be lost.</summary>
    void Lost(string id);

    void Received(int shard, string from, Message message);

    /// <summary>Another node asks this one as a leader; the answer is given once, on any thread.</summary>
    void Called(Call call, Action<CallAnswer> answer);

    /// <summary>A file for a snapshot of a shard that is about to come.</summary>
    string PathOfArriving(int shard);

    /// <summary>A snapshot lies at <see cref="PathOfArriving"/>.</summary>
    void Arrived(int shard, string from, long term, string path);
}
