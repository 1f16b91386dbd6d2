namespace Hanzo.Edge.Dns.Wire;

/// <summary>Response codes (RFC 1035 §4.1.1, RFC 6891 §9).</summary>
public enum DnsRcode
{
    /// <summary>The question is answered.</summary>
    NoError = 0,

    /// <summary>The query could not be read.</summary>
    FormErr = 1,

    /// <summary>The server failed.</summary>
    ServFail = 2,

    /// <summary>The name does not exist.</summary>
    NxDomain = 3,

    /// <summary>The kind of query is not supported.</summary>
    NotImp = 4,

    /// <summary>The server will not answer this.</summary>
    Refused = 5,

    /// <summary>The EDNS version is not supported; needs the upper bits in the OPT record.</summary>
    BadVers = 16,
}
