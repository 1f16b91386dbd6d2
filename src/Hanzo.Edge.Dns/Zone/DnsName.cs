using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>A domain name of the configuration: its wire form with the case it was written in; equal where it differs by case only.</summary>
public sealed class DnsName : IEquatable<DnsName>
{
    private readonly byte[] wire;
    private readonly byte[] lower;

    private DnsName(byte[] wire)
    {
        this.wire = wire;
        lower = [.. wire];
        WireName.ToLower(lower);
    }

    /// <summary>The root.</summary>
    public static DnsName Root { get; } = new([0]);

    /// <summary>The name in wire form, as written.</summary>
    public ReadOnlySpan<byte> Wire => wire;

    /// <summary>The name in wire form, in lower case.</summary>
    public ReadOnlySpan<byte> Lower => lower;

    /// <summary>Whether this is the root.</summary>
    public bool IsRoot => wire.Length == 1;

    /// <summary>Whether the first label is <c>*</c> (RFC 4592).</summary>
    public bool IsWildcard => wire is [1, (byte)'*', ..];

    /// <summary>The name without its first label.</summary>
    /// <exception cref="InvalidOperationException">This is the root.</exception>
    public DnsName Parent => IsRoot ? throw new InvalidOperationException("The root has no parent.") : new(wire[(wire[0] + 1)..]);

    /// <summary>Reads a name as zone files write it: labels between dots, <c>\.</c> and <c>\DDD</c> escapes, <c>@</c> for the origin, relative to the origin where no dot ends it (RFC 1035 §5.1).</summary>
    /// <returns>Whether <paramref name="text"/> is a name: labels of 1 to 63 bytes, 255 bytes in all.</returns>
    public static bool TryParse(string text, DnsName origin, [NotNullWhen(true)] out DnsName? name)
    {
        name = text switch { "@" => origin, "." => Root, _ => null };
        if (name is not null) return true;
        var bytes = new List<byte>(text.Length + 2);
        var start = 0;
        bytes.Add(0);
        var absolute = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            absolute = false;
            if (c == '.')
            {
                if (!CloseLabel(bytes, ref start)) return false;
                absolute = true;
                continue;
            }

            if (c == '\\')
            {
                if (!TryEscape(text, ref i, out c)) return false;
            }

            if (c > 255) return false;
            bytes.Add((byte)c);
        }

        if (absolute)
        {
            if (bytes.Count > WireName.MaxLength) return false;
            name = new([.. bytes]);
            return true;
        }

        if (!CloseLabel(bytes, ref start)) return false;
        bytes.RemoveAt(bytes.Count - 1);
        bytes.AddRange(origin.wire);
        if (bytes.Count > WireName.MaxLength) return false;
        name = new([.. bytes]);
        return true;
    }

    /// <summary>Whether this is <paramref name="zone"/> or below it.</summary>
    public bool IsWithin(DnsName zone)
    {
        for (var at = 0; ; at += lower[at] + 1)
        {
            if (lower.AsSpan(at).SequenceEqual(zone.lower)) return true;
            if (lower[at] == 0) return false;
        }
    }

    /// <summary>The name's labels, the empty one left out.</summary>
    internal int LabelCount()
    {
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        return WireName.Labels(wire, starts);
    }

    /// <inheritdoc/>
    public bool Equals(DnsName? other) => other is not null && lower.AsSpan().SequenceEqual(other.lower);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DnsName);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(lower);
        return hash.ToHashCode();
    }

    /// <summary>The name as zone files write it, with its ending dot.</summary>
    public override string ToString()
    {
        if (IsRoot) return ".";
        var text = new StringBuilder();
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
        {
            foreach (var b in wire.AsSpan(at + 1, wire[at]))
            {
                if (b is (byte)'.' or (byte)'\\' or (byte)'"') text.Append('\\').Append((char)b);
                else if (b is > 0x20 and < 0x7F) text.Append((char)b);
                else text.Append('\\').Append(b.ToString("D3", CultureInfo.InvariantCulture));
            }

            text.Append('.');
        }

        return text.ToString();
    }

    /// <summary>Reads <c>\X</c> or <c>\DDD</c> at <paramref name="i"/>, which moves to its last character.</summary>
    internal static bool TryEscape(string text, ref int i, out char c)
    {
        c = '\0';
        if (i + 1 >= text.Length) return false;
        c = text[++i];
        if (!char.IsAsciiDigit(c)) return true;
        if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code)) return false;
        c = (char)code;
        i += 2;
        return true;
    }

    private static bool CloseLabel(List<byte> bytes, ref int start)
    {
        var length = bytes.Count - start - 1;
        if (length is < 1 or > 63) return false;
        bytes[start] = (byte)length;
        start = bytes.Count;
        bytes.Add(0);
        return true;
    }
}
