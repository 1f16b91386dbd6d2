namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>What is on the disk is not what was written, and starting with it could lose or double what was acknowledged.</summary>
internal sealed class DamagedLogException(string file, string what) : IOException(
    $"{file}: {what}. The node does not start with it. Move the node's data directory away and start it again: it fetches everything from the other nodes and votes only then. Do this for one node at a time. If no majority of nodes has whole logs, keep every directory as it is and see docs/operations.md.")
{
    /// <summary>What is wrong with the file.</summary>
    public string What => what;
}
