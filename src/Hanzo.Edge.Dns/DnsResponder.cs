using Hanzo.Edge.Dns.Serving;
using Hanzo.Edge.Dns.Steered;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns;

/// <summary>
/// Turns one query packet into one response packet. It owns its scratch, so each serving thread has one; it reads nothing but
/// its arguments, touches no socket and no clock, and allocates nothing.
/// </summary>
internal sealed class DnsResponder(DnsCounters counters, ResponseRateLimiter limiter)
{
    /// <summary>Bytes of a response at most: the largest prepared answer, the question and the OPT record.</summary>
    public const int MaxLength = ZoneCompiler.MaxAnswerLength + 1024;

    private const int MaxSteeredLength = 16 * SteeredAnswers.RecordLengthV6;
    private readonly DnsQuery query = new();
    private readonly byte[] cookie = new byte[ServerCookie.Length];

    /// <summary>Answers <paramref name="request"/>.</summary>
    /// <param name="request">The packet; it must not overlap <paramref name="response"/>.</param>
    /// <param name="peer">Who sent it and how.</param>
    /// <param name="snapshot">What to answer from.</param>
    /// <param name="response">Room for the largest answer: for UDP at least 4096 bytes and for TCP <see cref="MaxLength"/>.</param>
    /// <returns>Bytes of the response, or 0 where none is to be sent.</returns>
    public int Respond(ReadOnlySpan<byte> request, in DnsPeer peer, DnsSnapshot snapshot, Span<byte> response)
    {
        var outcome = query.Read(request);
        if (outcome == ReadOutcome.Ignore)
        {
            counters.Ignored++;
            return 0;
        }

        var options = snapshot.Options;
        var edns = new EdnsAnswer { UdpSize = options.MaxUdpSize, Scope = -1, KeepaliveUnits = -1 };
        var known = !peer.IsUdp || options.RateLimit.PerSecond == 0;
        if (query.HasEdns)
        {
            edns.Scope = query.HasSubnet && outcome is not (ReadOutcome.Malformed or ReadOutcome.UnknownEdnsVersion) ? 0 : -1;
            if (query.WantsServerId) edns.ServerId = options.ServerId.AsSpan();
            if (query.WantsKeepalive && !peer.IsUdp) edns.KeepaliveUnits = peer.KeepaliveUnits;
            if (query.HasSubnet) counters.ClientSubnets++;
            if (query.HasCookie && !options.CookieSecrets.IsEmpty)
            {
                known |= Cookie(request, peer, options);
                edns.Cookie = cookie;
            }
        }

        var prepared = outcome switch
        {
            ReadOutcome.Question => snapshot.Zones.Find(query),
            ReadOutcome.CookieOnly => Codes.Empty,
            ReadOutcome.Malformed => Codes.Malformed,
            ReadOutcome.UnknownEdnsVersion => Codes.UnknownVersion,
            ReadOutcome.NotImplemented => Codes.NotImplemented,
            _ => PreparedAnswer.Refused,
        };
        edns.Rcode = prepared.Rcode;
        if (!known)
        {
            switch (limiter.Judge(peer.Address, Kind(prepared), options.RateLimit, peer.Milliseconds))
            {
                case RateVerdict.Drop:
                    counters.LimitDropped++;
                    return 0;
                case RateVerdict.Slip:
                    counters.LimitSlipped++;
                    return Truncated(request, edns, response);
                default:
                    break;
            }
        }

        return Write(request, peer, snapshot, prepared, edns, response);
    }

    private int Write(ReadOnlySpan<byte> request, in DnsPeer peer, DnsSnapshot snapshot, PreparedAnswer prepared, EdnsAnswer edns, Span<byte> response)
    {
        var limit = peer.IsUdp ? Math.Min(query.UdpSize, snapshot.Options.MaxUdpSize) : MaxLength;
        var ednsLength = ResponseWriter.EdnsLength(query, edns);
        var head = DnsHeader.Size + query.QuestionLength;
        if (head + prepared.Sections.Length + (prepared.Steered >= 0 ? MaxSteeredLength : 0) + ednsLength > response.Length)
            return Truncated(request, edns, response);

        var answers = prepared.Answers;
        var writer = new ResponseWriter(request, query, response);
        writer.Append(prepared.Sections);
        if (prepared.Steered >= 0)
        {
            var (count, length) = Steer(prepared, peer, snapshot.Steering.Names[prepared.Steered], response[writer.Length..], ref edns);
            if (count == 0)
            {
                prepared = prepared.WithoutAddress!;
                writer = new ResponseWriter(request, query, response);
                writer.Append(prepared.Sections);
            }

            answers += count;
            writer.Skip(length);
        }

        if (writer.Length + ednsLength > limit)
        {
            counters.Truncated++;
            return Truncated(request, edns, response);
        }

        var delta = query.NameLength - prepared.NameLength;
        if (delta != 0)
            foreach (var pointer in prepared.Pointers) writer.ShiftPointer(pointer, delta);
        writer.Header(prepared.Rcode, prepared.Authoritative, false, answers, prepared.Authority, prepared.Additional);
        writer.Edns(edns);
        counters.Answered(query.Type, prepared.Rcode);
        return writer.Length;
    }

    private (int Count, int Length) Steer(PreparedAnswer prepared, in DnsPeer peer, SteeredAnswers steered, Span<byte> into, ref EdnsAnswer edns)
    {
        var subnet = query.Subnet;
        // Source prefix 0 asks not to be located by the client's address: the resolver's is all there is, and the answer holds for every client of it (RFC 7871 §7.2.1).
        var bySubnet = query.HasSubnet && subnet.SourcePrefix > 0 && !steered.IgnoreEcs;
        var choice = steered.Choose(bySubnet ? subnet.Address : peer.Address, query.Type, into);
        // An IPv4 address inside IPv6 is placed by its last 32 bits; the option counts from the first of 128.
        if (bySubnet) edns.Scope = choice.Scope + (subnet.Family == 2 && subnet.Address.IsIPv4 ? 96 : 0);
        if (choice.Region >= 0) counters.Steered(steered.RegionSlots[choice.Region]);
        if (steered.Labels is { } labels && choice.Count > 0) labels.Write(into[..choice.Length], choice.Length / choice.Count, peer.Address);
        if (prepared.SteeredOwner != (0xC000 | DnsHeader.Size))
        {
            var owner = prepared.SteeredOwner + query.NameLength - prepared.NameLength;
            var recordLength = choice.Count == 0 ? 1 : choice.Length / choice.Count;
            for (var at = 0; at < choice.Length; at += recordLength) (into[at], into[at + 1]) = ((byte)(owner >> 8), (byte)owner);
        }

        return (choice.Count, choice.Length);
    }

    private bool Cookie(ReadOnlySpan<byte> request, in DnsPeer peer, DnsOptions options)
    {
        var client = query.ClientCookie(request);
        var returned = query.ReturnedCookie(request);
        var current = options.CookieSecrets[0].AsSpan();
        var valid = ServerCookie.IsValid(client, returned, peer.Address, peer.UnixSeconds, current);
        ServerCookie.Write(client, valid ? returned : default, peer.Address, peer.UnixSeconds, current, cookie);
        for (var i = 1; i < options.CookieSecrets.Length && !valid; i++)
            valid = ServerCookie.IsValid(client, returned, peer.Address, peer.UnixSeconds, options.CookieSecrets[i].AsSpan());
        if (valid) counters.ValidCookies++;
        return valid;
    }

    private int Truncated(ReadOnlySpan<byte> request, in EdnsAnswer edns, Span<byte> response)
    {
        var writer = new ResponseWriter(request, query, response);
        // The code is left out: nobody may keep a denial that came without its SOA.
        writer.Header(DnsRcode.NoError, authoritative: true, truncated: true, 0, 0, 0);
        writer.Edns(edns with { Rcode = DnsRcode.NoError });
        counters.Answered(query.Type, DnsRcode.NoError);
        return writer.Length;
    }

    private static int Kind(PreparedAnswer prepared) => (int)prepared.Rcode * 4 + (prepared.Answers > 0 || prepared.Steered >= 0 ? 1 : prepared.Additional > 0 ? 2 : 0);

    private static class Codes
    {
        public static readonly PreparedAnswer Empty = new();
        public static readonly PreparedAnswer Malformed = new() { Rcode = DnsRcode.FormErr };
        public static readonly PreparedAnswer UnknownVersion = new() { Rcode = DnsRcode.BadVers };
        public static readonly PreparedAnswer NotImplemented = new() { Rcode = DnsRcode.NotImp };
    }
}

/// <summary>Who sent a query, how and when.</summary>
internal readonly record struct DnsPeer
{
    /// <summary>Its address.</summary>
    public required ClientKey Address { get; init; }

    /// <summary>Whether it came over UDP: then the address may be forged and the answer must be small.</summary>
    public required bool IsUdp { get; init; }

    /// <summary>A clock for rates, in ms from any start.</summary>
    public long Milliseconds { get; init; }

    /// <summary>Seconds since 1970, for cookies.</summary>
    public uint UnixSeconds { get; init; }

    /// <summary>How long an idle TCP connection is kept, in units of 100 ms.</summary>
    public int KeepaliveUnits { get; init; }
}
