using System.Net;
using System.Net.Sockets;

namespace Hanzo.Edge;

/// <summary>Opens the addresses an edge listens on, and says in our words which one cannot be had, why, and which key of the configuration moves it.</summary>
internal static class EdgeAddresses
{
    /// <summary>Runs <paramref name="open"/>, which listens on <paramref name="addresses"/>.</summary>
    /// <exception cref="IOException">One of them cannot be had; the message is for a person.</exception>
    public static async Task OpenAsync(string key, ProtocolType protocol, IReadOnlyList<IPEndPoint> addresses, Func<Task> open)
    {
        try
        {
            await open();
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            // Kestrel names the address only where the port is taken, and the system never: asked again one by one, they tell.
            throw new IOException(addresses.Select(address => WhyNot(key, protocol, address)).FirstOrDefault(why => why is not null) ?? $"cannot listen by `{key}`: {refused.Message}", refused);
        }
    }

    private static string? WhyNot(string key, ProtocolType protocol, IPEndPoint address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
            socket.Bind(address);
            if (protocol == ProtocolType.Tcp) socket.Listen();
            return null;
        }
        catch (SocketException refused)
        {
            return $"cannot listen on {address}: " + refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"another program has this port; stop it, or change `{key}`",
                SocketError.AccessDenied => $"this user may not take it; change `{key}` to a port of 1024 or more, or grant CAP_NET_BIND_SERVICE",
                SocketError.AddressNotAvailable => $"this machine has no such address; change `{key}`",
                _ => $"{refused.Message}; see `{key}`",
            };
        }
    }
}
