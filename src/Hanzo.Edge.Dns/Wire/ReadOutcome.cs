namespace Hanzo.Edge.Dns.Wire;

/// <summary>What a packet turned out to be.</summary>
internal enum ReadOutcome
{
    /// <summary>A question to be answered.</summary>
    Question,

    /// <summary>No question, but a cookie to be answered (RFC 7873 §5.4).</summary>
    CookieOnly,

    /// <summary>Too short for a header, or a response: no answer is sent, so that two servers can never answer each other.</summary>
    Ignore,

    /// <summary>Not a readable query.</summary>
    Malformed,

    /// <summary>An EDNS version other than 0.</summary>
    UnknownEdnsVersion,

    /// <summary>An opcode or a meta type that is not served.</summary>
    NotImplemented,

    /// <summary>Understood, and not done here: NOTIFY, UPDATE, zone transfers, classes other than IN.</summary>
    Refused,
}
