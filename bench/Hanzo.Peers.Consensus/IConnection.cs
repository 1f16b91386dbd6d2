namespace Hanzo.Peers.Consensus;

/// <summary>One client's connection: one request at a time, the next when the last is answered.</summary>
internal interface IConnection : IDisposable
{
    /// <summary>Sends the next command and waits for its answer.</summary>
    /// <returns>Whether it was done.</returns>
    Task<bool> Next();
}
