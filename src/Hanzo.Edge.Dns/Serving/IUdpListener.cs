using System.Net;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>A bound UDP socket and what serves it.</summary>
internal interface IUdpListener : IDisposable
{
    /// <summary>Where it is bound.</summary>
    IPEndPoint Endpoint { get; }

    /// <summary>Begins to answer.</summary>
    void Start();

    /// <summary>Asks it to stop; what has arrived is still answered. <see cref="IDisposable.Dispose"/> waits for it.</summary>
    void Stop();
}
