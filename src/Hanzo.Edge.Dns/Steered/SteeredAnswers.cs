using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Hanzo.Edge.Dns.Epochs;
using Hanzo.Edge.Dns.Wire;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>The answers of one steered name under one state of the world: for every class of clients the records of each family, as they go on the wire.</summary>
internal sealed class SteeredAnswers
{
    /// <summary>Bytes of an A record whose owner is a pointer.</summary>
    public const int RecordLengthV4 = 16;

    /// <summary>Bytes of an AAAA record whose owner is a pointer.</summary>
    public const int RecordLengthV6 = 28;

    /// <summary>Networks a tie band spreads clients by: answers inside one are the same.</summary>
    public const int SpreadPrefixV4 = 24;

    /// <summary>The same for IPv6.</summary>
    public const int SpreadPrefixV6 = 48;

    private const int RecordHead = 12;

    private readonly SteeredProfile profile;
    private readonly RankingMap map;
    private readonly byte[][] regionsV4;
    private readonly byte[][] regionsV6;
    private readonly ClassAnswer[] classes;
    private readonly int maxRecords;

    public SteeredAnswers(SteeredName name, SteeringWorld world, SteeredProfile profile, RankingMap map, TimeSpan ttl, ImmutableArray<int> regionSlots)
    {
        Name = name;
        World = world;
        this.profile = profile;
        this.map = map;
        Ttl = ttl;
        IgnoreEcs = name.IgnoreEcs;
        RegionSlots = regionSlots;
        maxRecords = name.Answers;
        regionsV4 = Encode(name, world.Topology, AddressFamily.InterNetwork, DnsType.A, ttl);
        regionsV6 = Encode(name, world.Topology, AddressFamily.InterNetworkV6, DnsType.AAAA, ttl);
        classes = [.. map.Classes.Select(c => new ClassAnswer(c.IsSpread ? c : null, Join(c.Regions, regionsV4, RecordLengthV4), Join(c.Regions, regionsV6, RecordLengthV6), c.Regions.IsEmpty ? -1 : c.Regions[0]))];
    }

    /// <summary>The name as it is configured.</summary>
    public SteeredName Name { get; }

    /// <summary>What decides.</summary>
    public SteeringWorld World { get; }

    /// <summary>Writes into addresses which answer they are out of; null where none is of an epoch network.</summary>
    public EpochLabels? Labels { get; init; }

    /// <summary>TTL of the records.</summary>
    public TimeSpan Ttl { get; }

    /// <summary>Whether clients are placed by their resolver only.</summary>
    public bool IgnoreEcs { get; }

    /// <summary>By region index: where metrics count it.</summary>
    public ImmutableArray<int> RegionSlots { get; }

    /// <summary>The same answers with another TTL.</summary>
    public SteeredAnswers Within(TimeSpan ttl) => ttl == Ttl ? this : new(Name, World, profile, map, ttl, RegionSlots) { Labels = Labels };

    /// <summary>Writes the records for <paramref name="client"/>. Allocates nothing.</summary>
    /// <param name="client">Where the client is, as far as it is known.</param>
    /// <param name="type">A or AAAA.</param>
    /// <param name="into">Room for sixteen records.</param>
    [SkipLocalsInit]
    public SteeredChoice Choose(ClientKey client, DnsType type, Span<byte> into)
    {
        var match = map.Find(client);
        var answer = classes[match.Class];
        var recordLength = type == DnsType.A ? RecordLengthV4 : RecordLengthV6;
        if (answer.Spread is not { } spread)
        {
            var records = type == DnsType.A ? answer.RecordsV4 : answer.RecordsV6;
            records.CopyTo(into);
            return new(records.Length / recordLength, records.Length, match.Leading + match.PrefixLength, answer.FirstRegion);
        }

        Span<Candidate> candidates = stackalloc Candidate[Topology.MaxRegions];
        var decision = World.Decide(profile.Question(spread.Place, spread.Network, Affinity(client, match)), candidates[..World.Topology.Regions.Length]);
        var written = 0;
        var first = -1;
        foreach (var candidate in decision.Eligible)
        {
            var records = (type == DnsType.A ? regionsV4 : regionsV6)[candidate.Region];
            if (records.Length == 0) continue;
            if (first < 0) first = candidate.Region;
            var take = Math.Min(records.Length, maxRecords * recordLength - written);
            records.AsSpan(0, take).CopyTo(into[written..]);
            written += take;
            if (written == maxRecords * recordLength) break;
        }

        return new(written / recordLength, written, match.Leading + Math.Max(match.PrefixLength, match.AddressBits == 32 ? SpreadPrefixV4 : SpreadPrefixV6), first);
    }

    /// <summary>What spreads the networks of a tie band: the same for all addresses of one.</summary>
    private static ulong Affinity(ClientKey client, in RankingMatch match)
    {
        var hostBits = match.AddressBits - (match.AddressBits == 32 ? SpreadPrefixV4 : SpreadPrefixV6);
        return Mix(client.Value >> (match.Leading == 16 ? 80 + hostBits : hostBits));
    }

    /// <summary>What <paramref name="client"/> is answered in both families, and why.</summary>
    /// <param name="client">Where the client is.</param>
    /// <param name="place">The place of an address.</param>
    public SteeredExplanation Explain(ClientKey client, Func<ClientKey, int> place)
    {
        var room = new byte[Name.Answers * (RecordLengthV4 + RecordLengthV6)];
        var four = Choose(client, DnsType.A, room);
        var six = Choose(client, DnsType.AAAA, room.AsSpan(four.Length));
        var found = EmbeddedIPv4.Unwrap(client);
        var match = map.Find(client);
        return new(
            Name,
            [.. room.Take(four.Length).Chunk(RecordLengthV4).Concat(room.Skip(four.Length).Take(six.Length).Chunk(RecordLengthV6)).Select(record => new IPAddress(record.AsSpan(RecordHead)))],
            Ttl, four.Scope, World, profile.Question(place(found), World.Networks.Find(found), Affinity(client, match)));
    }

    private byte[] Join(ImmutableArray<byte> regions, byte[][] records, int recordLength)
    {
        var all = regions.SelectMany(region => records[region]).ToArray();
        return all[..Math.Min(all.Length, maxRecords * recordLength)];
    }

    private static byte[][] Encode(SteeredName name, Topology topology, AddressFamily family, DnsType type, TimeSpan ttl)
    {
        var records = Enumerable.Repeat(Array.Empty<byte>(), topology.Regions.Length).ToArray();
        foreach (var target in name.Targets)
            records[topology.IndexOf(target.Region)] = [.. target.Answered(family).SelectMany(a => Record(a, type, ttl))];
        return records;
    }

    private static byte[] Record(IPAddress address, DnsType type, TimeSpan ttl)
    {
        var data = address.GetAddressBytes();
        var record = new byte[RecordHead + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | DnsHeader.Size);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(4), DnsHeader.ClassInternet);
        BinaryPrimitives.WriteUInt32BigEndian(record.AsSpan(6), (uint)ttl.TotalSeconds);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(10), (ushort)data.Length);
        data.CopyTo(record, RecordHead);
        return record;
    }

    /// <summary>Spreads neighbouring networks over all of 64 bits (the finalizer of SplitMix64, Steele et al. 2014).</summary>
    private static ulong Mix(UInt128 network)
    {
        var z = (ulong)network ^ (ulong)(network >> 64);
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    private readonly record struct ClassAnswer(RankingClass? Spread, byte[] RecordsV4, byte[] RecordsV6, int FirstRegion);
}

/// <summary>What was answered.</summary>
/// <param name="Count">Records.</param>
/// <param name="Length">Their bytes.</param>
/// <param name="Scope">Leading bits of the client's address that the answer depends on.</param>
/// <param name="Region">Index of the first region answered, or -1.</param>
internal readonly record struct SteeredChoice(int Count, int Length, int Scope, int Region);
