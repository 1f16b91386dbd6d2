using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns;

/// <summary>What one serving thread has counted. It alone writes, without locks; the metrics read now and then and add the threads up.</summary>
internal sealed class DnsCounters
{
    /// <summary>Types counted by name; the last stands for all others.</summary>
    public static readonly string[] Types = ["A", "AAAA", "NS", "SOA", "CNAME", "TXT", "MX", "SRV", "CAA", "HTTPS", "ANY", "other"];

    /// <summary>Response codes counted, by their number.</summary>
    public static readonly string[] Rcodes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "BADVERS"];

    /// <summary>Names of regions counted at most.</summary>
    public const int MaxSlots = 256;

    private readonly long[] answers = new long[Types.Length * Rcodes.Length];
    private readonly long[] steered = new long[MaxSlots];

    /// <summary>Packets not answered: no readable header, or responses.</summary>
    public long Ignored;

    /// <summary>Answers cut to a truncated one.</summary>
    public long Truncated;

    /// <summary>Queries that told the client's network.</summary>
    public long ClientSubnets;

    /// <summary>Queries with a cookie this server made.</summary>
    public long ValidCookies;

    /// <summary>Answers dropped by rate limiting.</summary>
    public long LimitDropped;

    /// <summary>Answers truncated by rate limiting.</summary>
    public long LimitSlipped;

    /// <summary>Answers the system did not take.</summary>
    public long SendFailed;

    /// <summary>Bytes the thread has allocated since it began to serve: none but at its start.</summary>
    public long Allocated;

    /// <summary>Counts an answer.</summary>
    public void Answered(DnsType type, DnsRcode rcode) => answers[TypeIndex(type) * Rcodes.Length + (rcode == DnsRcode.BadVers ? Rcodes.Length - 1 : (int)rcode)]++;

    /// <summary>Counts a steered answer whose first address is of the region in <paramref name="slot"/>.</summary>
    public void Steered(int slot) => steered[slot]++;

    /// <summary>Answers by type and code.</summary>
    public long Answers(int type, int rcode) => answers[type * Rcodes.Length + rcode];

    /// <summary>Steered answers by region slot.</summary>
    public long SteeredIn(int slot) => steered[slot];

    private static int TypeIndex(DnsType type) => type switch
    {
        DnsType.A => 0,
        DnsType.AAAA => 1,
        DnsType.NS => 2,
        DnsType.SOA => 3,
        DnsType.CNAME => 4,
        DnsType.TXT => 5,
        DnsType.MX => 6,
        DnsType.SRV => 7,
        DnsType.CAA => 8,
        DnsType.HTTPS => 9,
        DnsType.ANY => 10,
        _ => 11,
    };
}
