using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>The parameters of SVCB and HTTPS records (RFC 9460 §7 and §14.3.2), from <c>key=value</c> to the wire.</summary>
internal static class ServiceParameters
{
    private const ushort Mandatory = 0;
    private const ushort NoDefaultAlpn = 2;
    private static readonly string[] Keys = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint"];

    /// <summary>Encodes the parameters in the order of their keys, as the wire wants them.</summary>
    /// <returns>Null with <paramref name="error"/> where one cannot be read or is given twice.</returns>
    public static ImmutableArray<byte>? Parse(IEnumerable<string> tokens, out string? error)
    {
        var parameters = new SortedDictionary<ushort, byte[]>();
        foreach (var token in tokens)
        {
            var equals = token.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? token : token[..equals];
            if (Number(key) is not { } number) return Fail($"\"{key}\" is no service parameter; known are {string.Join(", ", Keys)} and keyNNNNN", out error);
            if (Value(number, equals < 0 ? null : token[(equals + 1)..]) is not { } value) return Fail($"the value of \"{key}\" cannot be read", out error);
            if (!parameters.TryAdd(number, value)) return Fail($"\"{key}\" is given twice", out error);
        }

        error = null;
        var bytes = ImmutableArray.CreateBuilder<byte>();
        foreach (var (number, value) in parameters)
        {
            bytes.AddRange(Short(number));
            bytes.AddRange(Short((ushort)value.Length));
            bytes.AddRange(value);
        }

        return bytes.ToImmutable();
    }

    private static ImmutableArray<byte>? Fail(string why, out string error)
    {
        error = why;
        return null;
    }

    private static ushort? Number(string key)
    {
        var known = Array.IndexOf(Keys, key);
        if (known >= 0) return (ushort)known;
        return key.StartsWith("key", StringComparison.Ordinal) && ushort.TryParse(key.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static byte[]? Value(ushort key, string? text)
    {
        if (key == NoDefaultAlpn) return text is null ? [] : null;
        if (string.IsNullOrEmpty(text)) return key > 6 ? [] : null;
        var items = text.Split(',');
        return key switch
        {
            Mandatory => items.Select(Number).Order().Select(n => n is { } number and not Mandatory ? Short(number) : null).ToArray() is var keys && keys.All(k => k is not null)
                ? [.. keys.SelectMany(k => k!)] : null,
            1 => items.All(item => item.Length is > 0 and < 256) ? [.. items.SelectMany(item => (byte[])[(byte)item.Length, .. Encoding.Latin1.GetBytes(item)])] : null,
            3 => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? Short(port) : null,
            4 => Addresses(items, AddressFamily.InterNetwork),
            5 => Base64(text),
            6 => Addresses(items, AddressFamily.InterNetworkV6),
            _ => Encoding.Latin1.GetBytes(text),
        };
    }

    private static byte[]? Addresses(string[] items, AddressFamily family)
    {
        var bytes = new List<byte>();
        foreach (var item in items)
        {
            if (!IPAddress.TryParse(item, out var address) || address.AddressFamily != family) return null;
            bytes.AddRange(address.GetAddressBytes());
        }

        return [.. bytes];
    }

    private static byte[]? Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static byte[] Short(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
