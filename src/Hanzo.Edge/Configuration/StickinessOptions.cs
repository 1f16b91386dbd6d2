namespace Hanzo.Edge.Configuration;

/// <summary>How a client's requests are kept in one region.</summary>
internal sealed record StickinessOptions
{
    /// <summary>Whether a session that had to leave its region comes back.</summary>
    public required StickinessMode Mode { get; init; }

    /// <summary>Name of the cookie or header that carries the session's region.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is a header; otherwise a cookie.</summary>
    public bool IsHeader { get; init; }

    /// <summary>The key by which the value is signed; at least 16 bytes, the same at all edges that share clients.</summary>
    public required string Key { get; init; }

    /// <summary>How long a cookie lives after the last time it was set, or null for as long as the browser runs.</summary>
    public TimeSpan? MaxAge { get; init; }
}

/// <summary>What becomes of a session whose region cannot serve it.</summary>
internal enum StickinessMode : byte
{
    /// <summary>There are no sessions.</summary>
    None,

    /// <summary>It is served elsewhere until its region can serve it again.</summary>
    Temporary,

    /// <summary>It stays where it went.</summary>
    Move,
}
