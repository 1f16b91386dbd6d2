namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>
/// A replica. Its id is the node's name and a random part that is made with the data directory: a node whose disk was
/// wiped is another member, whose votes and acknowledgements of before count no more.
/// </summary>
/// <param name="Id">Such as us-east-1@3f1c09d2.</param>
/// <param name="IsVoter">A learner receives the log and counts for nothing.</param>
internal sealed record Member(string Id, bool IsVoter)
{
    public string Name => NameOf(Id);

    public static string NameOf(string id) => id[..id.LastIndexOf('@')];
}
