using System.Globalization;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>
/// Reads addresses as proxies write them. Stricter than <see cref="System.Net.IPAddress.Parse(string)"/>, which takes "1",
/// "0x7f.1" and "010.0.0.1" for addresses and would give an attacker several spellings of the same one, and without its allocation.
/// </summary>
internal static class AddressText
{
    /// <summary>Reads <c>a.b.c.d</c>, <c>a.b.c.d:port</c>, an IPv6 address, <c>[IPv6]</c> or <c>[IPv6]:port</c>. A zone id means nothing outside the host that wrote it, so it is refused.</summary>
    public static bool TryParseNode(ReadOnlySpan<char> text, out ClientKey address)
    {
        address = default;
        if (text is ['[', ..])
        {
            var end = text.IndexOf(']');
            return end > 0 && IsPort(text[(end + 1)..]) && TryParseIPv6(text[1..end], out address);
        }

        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            return TryParseIPv4(text, out address);
        }

        return text[(colon + 1)..].Contains(':')
            ? TryParseIPv6(text, out address)
            : IsPort(text[colon..]) && TryParseIPv4(text[..colon], out address);
    }

    /// <summary>Reads four decimal numbers without leading zeros.</summary>
    public static bool TryParseIPv4(ReadOnlySpan<char> text, out ClientKey address)
    {
        address = default;
        uint value = 0;
        var octets = 0;
        foreach (var range in text.Split('.'))
        {
            var octet = text[range];
            if (++octets > 4 || octet.Length is 0 or > 3 || octet is ['0', _, ..] || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            value = value << 8 | number;
        }

        address = ClientKey.Of(value);
        return octets == 4;
    }

    /// <summary>Reads an IPv6 address in any form of RFC 4291 §2.2, IPv4 at its end included.</summary>
    public static bool TryParseIPv6(ReadOnlySpan<char> text, out ClientKey address)
    {
        address = default;
        var gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryParseGroups(text, out var whole, out var all) && all == 8 && Keep(whole, out address);
        }

        if (text[..gap].Contains('.') || !TryParseGroups(text[..gap], out var upper, out var before) || !TryParseGroups(text[(gap + 2)..], out var lower, out var after) || before + after > 7)
        {
            return false;
        }

        // The groups before the gap stand at the top; none at all would mean a shift by the full width.
        return Keep(before == 0 ? lower : upper << (16 * (8 - before)) | lower, out address);
    }

    private static bool Keep(UInt128 value, out ClientKey address)
    {
        address = new(value);
        return true;
    }

    private static bool TryParseGroups(ReadOnlySpan<char> text, out UInt128 value, out int groups)
    {
        value = 0;
        groups = 0;
        while (!text.IsEmpty)
        {
            var colon = text.IndexOf(':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && group.Contains('.'))
            {
                groups += 2;
                return groups <= 8 && TryParseIPv4(group, out var ipv4) && Append(ref value, ipv4.IPv4, 32);
            }

            if (++groups > 8 || group.Length is 0 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            Append(ref value, number, 16);
            text = colon < 0 ? [] : text[(colon + 1)..];
            if (colon >= 0 && text.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Append(ref UInt128 value, uint bits, int width)
    {
        value = value << width | bits;
        return true;
    }

    private static bool IsPort(ReadOnlySpan<char> text)
        => text.IsEmpty || (text is [':', _, ..] && text.Length <= 6 && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
