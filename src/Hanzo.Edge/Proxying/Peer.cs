using System.Net;
using Hanzo.Edge.Location;
using Hanzo.Edge.Proxying.Plain;
using Hanzo.Edge.Steering;
using Microsoft.AspNetCore.Connections;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// The other end of one client connection, and what is the same for all requests on it. Made once a connection, so that
/// formatting an address or asking whether it is trusted is not paid by every request. Requests of one HTTP/2 connection
/// run at once: what is remembered is immutable and swapped whole.
/// </summary>
internal sealed class Peer(IPAddress address)
{
    private static readonly object Gone = new();

    private Trust? trust;
    private object? held;

    /// <summary>The address as the transport saw it, IPv4 inside IPv6 unwrapped.</summary>
    public IPAddress Address { get; } = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The address as text.</summary>
    public string Text { get; } = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    /// <summary>The address as steering's number.</summary>
    public ClientKey Key { get; } = ClientKey.Of(address);

    /// <summary>What was written last as Forwarded for this peer; see <see cref="ForwardedHeaders"/>.</summary>
    public ForwardedElement? LastForwarded { get; set; }

    /// <summary>A request of it that another server has begun and the pipeline is to go on with, or null.</summary>
    public Resumption? Begun { get; set; }

    /// <summary>Whether this peer is one of <paramref name="proxies"/>, and so may say who the client is.</summary>
    public bool IsOneOf(TrustedProxies proxies)
    {
        var known = trust;
        if (known is null || !ReferenceEquals(known.Proxies, proxies))
            trust = known = new Trust(proxies, proxies.Contains(Key));
        return known.Trusted;
    }

    /// <summary>Whether it has closed its connection, or the connection was broken off.</summary>
    public bool IsGone => ReferenceEquals(Volatile.Read(ref held), Gone);

    /// <summary>Holds what is disposed when this peer leaves, one at a time.</summary>
    /// <returns>False where it has left, or something else is held.</returns>
    public bool TryHold(IDisposable underWay) => Interlocked.CompareExchange(ref held, underWay, null) is null;

    /// <summary>Lets go of what is held.</summary>
    /// <returns>False where the peer has left, so that it was or is being disposed.</returns>
    public bool TryRelease(IDisposable underWay) => ReferenceEquals(Interlocked.CompareExchange(ref held, null, underWay), underWay);

    /// <summary>The peer of <paramref name="connection"/>; a connection without an IP address (a Unix socket) counts as loopback.</summary>
    public static Peer Of(ConnectionContext connection)
    {
        var peer = new Peer((connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.Loopback);
        connection.ConnectionClosed.UnsafeRegister(static peer => ((Peer)peer!).Leave(), peer);
        return peer;
    }

    private void Leave() => (Interlocked.Exchange(ref held, Gone) as IDisposable)?.Dispose();

    private sealed record Trust(TrustedProxies Proxies, bool Trusted);
}

/// <summary>One element of a Forwarded field (RFC 7239 §4) and the host it was made for.</summary>
/// <param name="Host">The Host it names.</param>
/// <param name="Scheme">The scheme it names.</param>
/// <param name="Text">The element.</param>
internal sealed record ForwardedElement(string Host, string Scheme, string Text);
