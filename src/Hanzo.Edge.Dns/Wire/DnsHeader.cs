namespace Hanzo.Edge.Dns.Wire;

/// <summary>The fixed head of a message (RFC 1035 §4.1.1): where its parts stand and what its bits mean.</summary>
internal static class DnsHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 12;

    public const int FlagsOffset = 2;
    public const int QuestionCountOffset = 4;
    public const int AnswerCountOffset = 6;
    public const int AuthorityCountOffset = 8;
    public const int AdditionalCountOffset = 10;

    public const int ResponseFlag = 0x8000;
    public const int AuthoritativeFlag = 0x0400;
    public const int TruncatedFlag = 0x0200;
    public const int RecursionDesiredFlag = 0x0100;
    public const int OpcodeMask = 0x7800;

    public const int OpcodeQuery = 0;
    public const int OpcodeNotify = 4;
    public const int OpcodeUpdate = 5;

    /// <summary>Class IN.</summary>
    public const int ClassInternet = 1;

    /// <summary>Class ANY, answered as IN: every zone here is of class IN.</summary>
    public const int ClassAny = 255;

    /// <summary>The opcode in the flags word.</summary>
    public static int Opcode(int flags) => (flags & OpcodeMask) >> 11;
}
