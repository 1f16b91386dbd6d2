using System.Collections.Frozen;
using System.Text;
using Hanzo.Edge.Proxying.Direct;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>What a field of a request is to the edge.</summary>
internal enum FieldRole
{
    /// <summary>Nothing: it goes upstream or not, as it came.</summary>
    None,

    /// <summary>The host that is asked.</summary>
    Host,

    /// <summary>The client's chain, as most say it.</summary>
    ForwardedFor,

    /// <summary>The client's chain by RFC 7239.</summary>
    Forwarded,

    /// <summary>The scheme that the client used.</summary>
    ForwardedProto,

    /// <summary>The host that the client named.</summary>
    ForwardedHost,

    /// <summary>The proxies before.</summary>
    Via,

    /// <summary>The request's name.</summary>
    RequestId,

    /// <summary>What belongs to the connection.</summary>
    Connection,

    /// <summary>Something that no plain request has.</summary>
    NotPlain,
}

/// <summary>The name of a field of a request, with its colon, and what follows from it. Immutable.</summary>
internal sealed class RequestName
{
    // What is said to the next hop only is not plain either.
    private static readonly FrozenDictionary<string, FieldRole> Roles = new Dictionary<string, FieldRole>
    {
        [HeaderNames.Host] = FieldRole.Host,
        [ForwardedHeaders.XForwardedFor] = FieldRole.ForwardedFor,
        [ForwardedHeaders.Forwarded] = FieldRole.Forwarded,
        [ForwardedHeaders.XForwardedProto] = FieldRole.ForwardedProto,
        [ForwardedHeaders.XForwardedHost] = FieldRole.ForwardedHost,
        [HeaderNames.Via] = FieldRole.Via,
        [RequestIds.Header] = FieldRole.RequestId,
        [HeaderNames.Connection] = FieldRole.Connection,
        [HeaderNames.ContentLength] = FieldRole.NotPlain,
        [HeaderNames.Trailer] = FieldRole.NotPlain,
        [HeaderNames.Expect] = FieldRole.NotPlain,
        [HeaderNames.MaxForwards] = FieldRole.NotPlain,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly byte[] bytes;

    private RequestName(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes.ToArray();
        var name = Encoding.ASCII.GetString(bytes[..^1]);
        Role = Roles.TryGetValue(name, out var role) ? role : HeaderRules.IsHopByHop(name) ? FieldRole.NotPlain : FieldRole.None;
        CopiesForTrusted = Role == FieldRole.None && HeaderRules.CopiesToUpstream(name, trusted: true);
        CopiesForOthers = Role == FieldRole.None && HeaderRules.CopiesToUpstream(name, trusted: false);
    }

    /// <summary>Bytes of the name and its colon.</summary>
    public int Length => bytes.Length;

    /// <summary>What the field is.</summary>
    public FieldRole Role { get; }

    /// <summary>Whether it goes upstream as it came, of a peer that may speak for its clients.</summary>
    public bool CopiesForTrusted { get; }

    /// <summary>Whether it goes upstream as it came, of anybody else.</summary>
    public bool CopiesForOthers { get; }

    /// <summary>The name that <paramref name="line"/> begins with; null where it begins with none.</summary>
    public static RequestName? Of(ReadOnlySpan<byte> line)
    {
        var colon = FieldLine.ColonOf(line);
        return colon < 0 ? null : new(line[..(colon + 1)]);
    }

    /// <summary>Whether <paramref name="line"/> begins with the same name.</summary>
    public bool Begins(ReadOnlySpan<byte> line) => line.StartsWith(bytes);
}
