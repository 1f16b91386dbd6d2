using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Zone;

/// <summary>An answer as it goes on the wire, but for the question and the OPT record. Prepared once for each name and type.</summary>
internal sealed class PreparedAnswer
{
    /// <summary>Not in any zone.</summary>
    public static PreparedAnswer Refused { get; } = new() { Rcode = DnsRcode.Refused };

    /// <summary>The response code.</summary>
    public DnsRcode Rcode { get; init; }

    /// <summary>Whether the answer is this server's own to give (the AA bit).</summary>
    public bool Authoritative { get; init; }

    /// <summary>The answer, authority and additional sections.</summary>
    public byte[] Sections { get; init; } = [];

    /// <summary>Records in the answer section; steered ones come on top.</summary>
    public int Answers { get; init; }

    /// <summary>Records in the authority section.</summary>
    public int Authority { get; init; }

    /// <summary>Records in the additional section.</summary>
    public int Additional { get; init; }

    /// <summary>Bytes of the question's name it was prepared for.</summary>
    public int NameLength { get; init; }

    /// <summary>Where <see cref="Sections"/> has pointers that move with the length of the question's name.</summary>
    public ushort[] Pointers { get; init; } = [];

    /// <summary>Which steered name's addresses follow the answer section, or -1.</summary>
    public int Steered { get; init; } = -1;

    /// <summary>The owner of those records: a pointer to the question's name or to the target of the last CNAME.</summary>
    public int SteeredOwner { get; init; }

    /// <summary>What is answered where steering has no address to give.</summary>
    public PreparedAnswer? WithoutAddress { get; init; }
}
