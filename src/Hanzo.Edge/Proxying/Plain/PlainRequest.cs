using System.Buffers;
using System.Text;
using Hanzo.Edge.Proxying.Direct;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>
/// The head of a plain request of HTTP/1.1 (RFC 9112), one after the other on a connection: GET without content, in a form that
/// no two readers take for different things. Everything that is not exactly that is not read here but by Kestrel, whether it
/// only asks for more or breaks the rules: so this decides nothing but what it leaves to nobody. A client repeats most names
/// and many values: their strings are kept and used again.
/// </summary>
internal sealed class PlainRequest
{
    // Names kept: what a connection may hold while it is idle.
    private const int MaxKept = 24;

    // Fields of one head at most; longer ones are Kestrel's, with its bounds.
    private const int MaxFields = 64;

    private static readonly SearchValues<byte> InPath = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~/=&:,"u8);
    private static readonly SearchValues<byte> InQuery = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~/=&:,?@!$'()*+;%"u8);
    private static readonly SearchValues<byte> InHost = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.:"u8);

    private readonly List<RequestName?> kept = [];
    private readonly List<Line> lines = [];
    private readonly string?[] last = new string?[(int)FieldRole.NotPlain];
    private ReadOnlyMemory<byte> head;
    private int targetLength;
    private uint seen;

    /// <summary>The path that is asked for.</summary>
    public string Path { get; private set; } = "/";

    /// <summary>The query with its question mark, or nothing.</summary>
    public string Query { get; private set; } = "";

    /// <summary>The Host field.</summary>
    public string Host => Text(FieldRole.Host)!;

    /// <summary>Path and query as they came.</summary>
    public ReadOnlySpan<byte> Target => head.Span.Slice(Method.Length, targetLength);

    private static ReadOnlySpan<byte> Method => "GET "u8;

    private static ReadOnlySpan<byte> Version => " HTTP/1.1"u8;

    /// <summary>Reads the request that <paramref name="bytes"/> begin with.</summary>
    /// <param name="bytes">What was received. It is looked at until the next one is read.</param>
    /// <param name="length">Bytes of its head.</param>
    /// <returns>False where they begin with no plain request, or not with a whole one.</returns>
    public bool TryRead(ReadOnlyMemory<byte> bytes, out int length)
    {
        var span = bytes.Span;
        length = span.StartsWith("GET /"u8) ? span.IndexOf("\r\n\r\n"u8) + 4 : 0;
        if (length < 4) return false;
        head = bytes[..length];
        lines.Clear();
        seen = 0;
        var first = span.IndexOf("\r\n"u8);
        return ReadTarget(span[..first]) && ReadFields(span[..(length - 2)], first + 2) && Has(FieldRole.Host);
    }

    /// <summary>A field's value, or nothing.</summary>
    public StringValues Of(FieldRole role) => Text(role) is { } value ? value : default;

    /// <summary>What it says of the hop that it came over.</summary>
    public Hop Hop(string scheme) => new(scheme, "HTTP/1.1", Host, Of(FieldRole.Via), Of(FieldRole.ForwardedProto), Of(FieldRole.ForwardedHost));

    /// <summary>Copies the fields that go upstream as they came.</summary>
    /// <param name="trusted">Whether the peer may speak for its clients.</param>
    /// <param name="upstream">Takes them.</param>
    public void Copy(bool trusted, RequestHead upstream)
    {
        foreach (var line in lines)
            if (trusted ? line.Name.CopiesForTrusted : line.Name.CopiesForOthers)
                upstream.Copy(head.Span.Slice(line.Start, line.Length));
    }

    private string? Text(FieldRole role) => Has(role) ? last[(int)role] : null;

    private bool Has(FieldRole role) => (seen & (1u << (int)role)) != 0;

    private bool ReadTarget(ReadOnlySpan<byte> line)
    {
        if (!line.EndsWith(Version) || line.Length <= Method.Length + Version.Length) return false;
        var target = line[Method.Length..^Version.Length];
        var mark = target.IndexOf((byte)'?');
        var path = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? default : target[mark..];
        // Escapes and dot segments are what a path is matched without: Kestrel takes them out.
        if (path.ContainsAnyExcept(InPath) || path.IndexOf("/."u8) >= 0 || query.ContainsAnyExcept(InQuery)) return false;
        targetLength = target.Length;
        if (!Ascii.Equals(path, Path)) Path = Encoding.ASCII.GetString(path);
        if (!Ascii.Equals(query, Query)) Query = Encoding.ASCII.GetString(query);
        return RequestTarget.IsEscaped(Query);
    }

    private bool ReadFields(ReadOnlySpan<byte> span, int start)
    {
        while (start < span.Length)
        {
            var line = span[start..];
            line = line[..line.IndexOf("\r\n"u8)];
            if (lines.Count == MaxFields || NameOf(line) is not { } name || !Take(name, line[name.Length..])) return false;
            lines.Add(new(name, start, line.Length + 2));
            start += line.Length + 2;
        }
        return true;
    }

    private RequestName? NameOf(ReadOnlySpan<byte> line)
    {
        var at = lines.Count;
        if (at < kept.Count && kept[at] is { } before && before.Begins(line)) return before;
        var name = RequestName.Of(line);
        if (at == kept.Count && at < MaxKept) kept.Add(null);
        if (at < kept.Count) kept[at] = name;
        return name;
    }

    private bool Take(RequestName name, ReadOnlySpan<byte> value)
    {
        if (value.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return false;
        if (name.Role == FieldRole.None) return true;
        value = value.Trim((byte)' ');
        if (name.Role == FieldRole.NotPlain || Has(name.Role) || value.IsEmpty) return false;
        if (name.Role == FieldRole.Connection && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8)) return false;
        if (name.Role == FieldRole.Host && !IsHost(value)) return false;
        seen |= 1u << (int)name.Role;
        ref var text = ref last[(int)name.Role];
        if (text is null || !Ascii.Equals(value, text)) text = Encoding.ASCII.GetString(value);
        return true;
    }

    // A name or an IPv4 address, with a port or without.
    private static bool IsHost(ReadOnlySpan<byte> host)
    {
        if (host.ContainsAnyExcept(InHost)) return false;
        var colon = host.IndexOf((byte)':');
        if (colon < 0) return true;
        var port = host[(colon + 1)..];
        return colon > 0 && port.Length is > 0 and <= 5 && !port.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private readonly record struct Line(RequestName Name, int Start, int Length);
}
