namespace Hanzo.Edge.Dns.Wire;

/// <summary>Record and question types (IANA DNS Parameters). Any other value is carried as it is (RFC 3597).</summary>
public enum DnsType
{
    /// <summary>No type: a place not filled.</summary>
    None = 0,

    /// <summary>IPv4 address.</summary>
    A = 1,

    /// <summary>Name server of a zone.</summary>
    NS = 2,

    /// <summary>The name's canonical name.</summary>
    CNAME = 5,

    /// <summary>Start of a zone of authority.</summary>
    SOA = 6,

    /// <summary>Host information; here only what answers ANY (RFC 8482).</summary>
    HINFO = 13,

    /// <summary>Mail exchange.</summary>
    MX = 15,

    /// <summary>Text strings.</summary>
    TXT = 16,

    /// <summary>IPv6 address.</summary>
    AAAA = 28,

    /// <summary>Location of a service (RFC 2782).</summary>
    SRV = 33,

    /// <summary>The extension pseudo-record (RFC 6891).</summary>
    OPT = 41,

    /// <summary>Delegation signer (RFC 4034): belongs to the parent's side of a zone cut.</summary>
    DS = 43,

    /// <summary>Service binding (RFC 9460).</summary>
    SVCB = 64,

    /// <summary>Service binding for HTTP (RFC 9460).</summary>
    HTTPS = 65,

    /// <summary>Incremental zone transfer.</summary>
    IXFR = 251,

    /// <summary>Zone transfer.</summary>
    AXFR = 252,

    /// <summary>Any type.</summary>
    ANY = 255,

    /// <summary>Certification authority authorization (RFC 8659).</summary>
    CAA = 257,
}
