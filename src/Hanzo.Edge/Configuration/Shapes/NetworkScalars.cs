using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>Shapes of addresses.</summary>
internal static class NetworkScalars
{
    /// <summary>An address and port to listen on.</summary>
    public static ScalarShape<IPEndPoint> ListenAddress { get; } = new(
        "an address and port, such as 127.0.0.1:8080 or [::1]:8080",
        new JsonObject { ["type"] = "string", ["pattern"] = @"^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]+$" },
        (scalar, _) => ParseListenAddress(scalar.Text),
        value => value.ToString());

    /// <summary>An address alone.</summary>
    public static ScalarShape<IPAddress> Address { get; } = new(
        "an IP address, such as 192.0.2.1 or 2001:db8::1",
        new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-fA-F:.]+$" },
        (scalar, _) => (scalar.Text.Contains(':') ? (IPAddress.TryParse(scalar.Text, out var v6) && v6.ScopeId == 0 && !scalar.Text.Contains('[') ? v6 : null) : DottedQuad(scalar.Text)) is { } address
            ? address
            : ("is not an IP address", "four numbers with dots, or IPv6 without brackets"),
        value => value.ToString());

    /// <summary>A network in CIDR notation.</summary>
    public static ScalarShape<IPNetwork> Cidr { get; } = new(
        "a network, such as 10.0.0.0/8 or 2001:db8::/32",
        new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9a-fA-F:.]+/[0-9]{1,3}$" },
        (scalar, _) => ParseCidr(scalar.Text),
        value => value.ToString());

    /// <summary>Scheme, host and port of an endpoint.</summary>
    public static ScalarShape<Uri> EndpointAddress { get; } = new(
        "an address, such as http://10.1.2.3:8080",
        new JsonObject { ["type"] = "string", ["pattern"] = "^https?://[^/?#@]+/?$" },
        (scalar, _) => ParseEndpoint(scalar.Text),
        value => value.GetLeftPart(UriPartial.Authority));

    private static Parsed<IPEndPoint> ParseListenAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
            return ("has no port", "write address:port, such as 127.0.0.1:8080");
        var (host, port) = (text[..colon], text[(colon + 1)..]);
        if (!ushort.TryParse(port, System.Globalization.NumberStyles.None, null, out var number))
            return ("has no port between 0 and 65535", "write address:port, such as 127.0.0.1:8080");
        return host switch
        {
            "" or "*" => ("has no address", $"write 0.0.0.0:{number} or [::]:{number} for every address of this machine"),
            "localhost" => ("names a host; an address is needed", $"write 127.0.0.1:{number} or [::1]:{number}"),
            ['[', .. var inner, ']'] when IPAddress.TryParse(inner, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6 => new IPEndPoint(v6, number),
            _ when host.Contains(':') => ("is an IPv6 address without brackets", $"write [{host}]:{number}"),
            _ => DottedQuad(host) is { } v4 ? new IPEndPoint(v4, number) : ("is not an IP address with a port", "write address:port, such as 127.0.0.1:8080"),
        };
    }

    private static Parsed<IPNetwork> ParseCidr(string text)
    {
        var slash = text.IndexOf('/');
        var host = slash < 0 ? text : text[..slash];
        var address = host.Contains(':') ? (IPAddress.TryParse(host, out var v6) && v6.ScopeId == 0 && !host.Contains('[') ? v6 : null) : DottedQuad(host);
        if (address is null)
            return ("is not a network", "write an address and a prefix length: 10.0.0.0/8 or 2001:db8::/32");
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (slash < 0)
            return ("has no prefix length", $"write {address}/{bits} for this one address");
        if (!byte.TryParse(text[(slash + 1)..], System.Globalization.NumberStyles.None, null, out var length) || length > bits)
            return ("has no prefix length that fits", $"0 to {bits}");
        var network = Masked(address, length);
        if (!network.Equals(address))
            return ($"has bits set after the first {length}", $"write {network}/{length} for the network, or {address}/{bits} for the one address");
        return new IPNetwork(network, length);
    }

    private static Parsed<Uri> ParseEndpoint(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal))
            return ("has no scheme", "begin it with http:// or https://");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return ("is not an address", "write scheme, host and port: http://10.1.2.3:8080");
        if (uri.Scheme is not ("http" or "https"))
            return ("has a scheme that is not spoken here", "begin it with http:// or https://; gRPC and WebSockets go through these too");
        if (uri.UserInfo.Length > 0)
            return ("holds a user name", "send credentials with a transform of the route instead");
        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0)
            return ("has more than scheme, host and port", "write a path with a PathPrefix transform of the route");
        return uri;
    }

    /// <summary>Four decimal numbers; the platform's parser takes octal, hexadecimal and fewer parts as well, which nobody means.</summary>
    private static IPAddress? DottedQuad(string text)
    {
        var parts = text.Split('.');
        var plain = parts.Length == 4 && parts.All(part => part.Length is >= 1 and <= 3 && part.All(char.IsAsciiDigit) && (part.Length == 1 || part[0] != '0'));
        return plain && IPAddress.TryParse(text, out var address) ? address : null;
    }

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - i * 8, 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }
        return new IPAddress(bytes);
    }
}
