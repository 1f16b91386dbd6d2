using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>Reads record types and data as zone files write them (RFC 1035 §5, RFC 3597 §5, RFC 8659 §4.1, RFC 9460 §2.1).</summary>
public static class RecordText
{
    private const int MaxDataLength = 65535;

    /// <summary>Reads a type's mnemonic, or <c>TYPE</c> and its number.</summary>
    /// <returns>Whether it names a type that a zone may hold.</returns>
    public static bool TryParseType(string text, out DnsType type)
    {
        type = DnsType.None;
        if (text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            type = (DnsType)number;
        else if (!text.All(char.IsAsciiLetter) || !Enum.TryParse(text, ignoreCase: true, out type))
            return false;
        return type is > DnsType.None and not (DnsType.OPT or DnsType.HINFO) and not (>= (DnsType)128 and <= DnsType.ANY);
    }

    /// <summary>Reads the data of a record.</summary>
    /// <param name="type">The record's type; any type may be given as <c>\# length hex</c>.</param>
    /// <param name="text">The data.</param>
    /// <param name="origin">What relative names in it are relative to.</param>
    /// <param name="data">The data, where it can be read.</param>
    /// <param name="error">What is wrong with it otherwise, to be put after "NAME TYPE: ".</param>
    public static bool TryParse(DnsType type, string text, DnsName origin, [NotNullWhen(true)] out RecordData? data, [NotNullWhen(false)] out string? error)
    {
        data = null;
        error = null;
        if (!TryTokens(text, out var tokens)) error = "a quote or an escape is not closed";
        else if (tokens is [{ Quoted: false, Text: "\\#" }, ..]) data = Generic(tokens, out error);
        else data = Parse(type, tokens, origin, out error);
        if (data is not null && Length(data) > MaxDataLength) (data, error) = (null, $"has more than {MaxDataLength} bytes");
        return data is not null;
    }

    private static RecordData? Parse(DnsType type, List<Token> tokens, DnsName origin, out string? error)
    {
        error = Expected(type);
        switch (type)
        {
            case DnsType.A when tokens is [var t] && t.Text.Count(c => c == '.') == 3 && IPAddress.TryParse(t.Text, out var a) && a.AddressFamily == AddressFamily.InterNetwork:
                return RecordData.Of(a.GetAddressBytes());
            case DnsType.AAAA when tokens is [var t] && IPAddress.TryParse(t.Text, out var a) && a.AddressFamily == AddressFamily.InterNetworkV6:
                return RecordData.Of(a.GetAddressBytes());
            case DnsType.NS or DnsType.CNAME when tokens is [var t] && DnsName.TryParse(t.Raw, origin, out var name):
                return RecordData.Of(name);
            case DnsType.MX when tokens is [var p, var t] && TryNumber(p, out var preference) && DnsName.TryParse(t.Raw, origin, out var name):
                return new([new([.. Short(preference)], null), new([], name)]);
            case DnsType.SRV when tokens is [var p, var w, var o, var t] && TryNumber(p, out var priority) && TryNumber(w, out var weight)
                                  && TryNumber(o, out var port) && DnsName.TryParse(t.Raw, origin, out var name):
                return new([new([.. Short(priority), .. Short(weight), .. Short(port)], null), new([], name)]);
            case DnsType.TXT when tokens.Count > 0:
                return RecordData.Of(Strings(tokens));
            case DnsType.CAA when tokens is [var f, var tag, var value] && byte.TryParse(f.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var flags)
                                  && tag.Text.Length is > 0 and < 256 && tag.Text.All(char.IsAsciiLetterOrDigit):
                return RecordData.Of([flags, (byte)tag.Text.Length, .. Bytes(tag.Text), .. Bytes(value.Text)]);
            case DnsType.SVCB or DnsType.HTTPS when tokens.Count >= 2 && TryNumber(tokens[0], out var priority) && DnsName.TryParse(tokens[1].Raw, origin, out var target):
                var parameters = ServiceParameters.Parse(tokens[2..].Select(t => t.Text), out error);
                return parameters is null ? null : new([new([.. Short(priority)], null), new([], target), new(parameters.Value, null)]);
            default:
                return null;
        }
    }

    private static string Expected(DnsType type) => type switch
    {
        DnsType.A => "an IPv4 address is expected, as 192.0.2.1",
        DnsType.AAAA => "an IPv6 address is expected, as 2001:db8::1",
        DnsType.NS or DnsType.CNAME => "a name is expected, as www.example.com.",
        DnsType.MX => "preference and name are expected, as 10 mail.example.com.",
        DnsType.SRV => "priority, weight, port and name are expected, as 0 5 443 www.example.com.",
        DnsType.TXT => "text is expected",
        DnsType.CAA => "flags, tag and value are expected, as 0 issue \"ca.example\"",
        DnsType.SVCB or DnsType.HTTPS => "priority, name and parameters are expected, as 1 . alpn=h2,h3",
        DnsType.SOA => "the zone's own soa section states it",
        _ => "data of this type is written \\# LENGTH HEX (RFC 3597)",
    };

    private static RecordData? Generic(List<Token> tokens, out string? error)
    {
        error = "\\# needs the number of bytes and then as many in hex (RFC 3597)";
        if (tokens.Count < 2 || !TryNumber(tokens[1], out var length)) return null;
        var hex = string.Concat(tokens[2..].Select(t => t.Text));
        if (hex.Length != 2 * length || !hex.All(char.IsAsciiHexDigit)) return null;
        return RecordData.Of(Convert.FromHexString(hex));
    }

    private static byte[] Strings(List<Token> tokens)
    {
        // A string holds 255 bytes at most; a longer one goes on in the next, as its readers join them (RFC 7208 §3.3).
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            var text = Bytes(token.Text);
            for (var at = 0; at == 0 || at < text.Length; at += 255)
            {
                var piece = text.AsSpan(at, Math.Min(255, text.Length - at));
                bytes.Add((byte)piece.Length);
                bytes.AddRange(piece);
            }
        }

        return [.. bytes];
    }

    private static int Length(RecordData data) => data.Parts.Sum(part => part.Name is { } name ? name.Wire.Length : part.Bytes.Length);

    private static bool TryNumber(Token token, out ushort number) => ushort.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static byte[] Short(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private static bool TryTokens(string text, out List<Token> tokens)
    {
        tokens = [];
        var utf8AsLatin1 = System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));
        for (var i = 0; i < utf8AsLatin1.Length;)
        {
            if (char.IsWhiteSpace(utf8AsLatin1[i])) { i++; continue; }
            if (!TryToken(utf8AsLatin1, ref i, out var token)) return false;
            tokens.Add(token);
        }

        return true;
    }

    private static bool TryToken(string text, ref int i, out Token token)
    {
        token = default;
        var start = i;
        var quoted = false;
        var anyQuote = false;
        var value = new System.Text.StringBuilder();
        for (; i < text.Length && (quoted || !char.IsWhiteSpace(text[i])); i++)
        {
            var c = text[i];
            if (c == '"') { quoted = !quoted; anyQuote = true; continue; }
            if (c == '\\' && !(i == start && i + 1 < text.Length && text[i + 1] == '#'))
            {
                if (!DnsName.TryEscape(text, ref i, out c)) return false;
            }

            value.Append(c);
        }

        token = new(value.ToString(), text[start..i], anyQuote);
        return !quoted;
    }

    /// <param name="Text">The token without quotes and escapes, a character a byte.</param>
    /// <param name="Raw">The token as it stands.</param>
    /// <param name="Quoted">Whether it has quotes.</param>
    private readonly record struct Token(string Text, string Raw, bool Quoted);
}
