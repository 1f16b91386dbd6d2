using System.Buffers.Binary;
using System.Net;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Epochs;

/// <summary>
/// Remembers the generations of answers and the resolvers they were given to, so that a request that arrives at an address
/// out of an old answer says how long its resolver kept it. An address of an epoch network carries the generation and a number
/// for the resolver's network in its last bits.
/// Limits: 4096 generations and 256 resolver networks are told apart, fewer generations where the network is small; two
/// resolvers with one number are taken for the later one. Nothing is kept over a restart.
/// </summary>
/// <param name="time">The clock by which answers age.</param>
public sealed class EpochBook(TimeProvider time)
{
    /// <summary>Bits of the resolver's number.</summary>
    internal const int ResolverBits = 8;

    /// <summary>Host bits an epoch network needs: a resolver's number and 16 generations.</summary>
    public const int LeastHostBits = ResolverBits + 4;

    private const int MaxGenerationBits = 12;
    private const ulong IPv4Mark = 1UL << 62;
    private const ulong IPv6Mark = 1UL << 63;

    private readonly long[] ended = new long[1 << MaxGenerationBits];
    private readonly ulong[] resolvers = new ulong[1 << ResolverBits];
    private int current;

    /// <summary>Begins the next generation, which ends the one before. One thread at a time.</summary>
    internal int Begin()
    {
        ended[current % ended.Length] = time.GetTimestamp();
        Volatile.Write(ref current, current + 1);
        return current;
    }

    /// <summary>The number of a resolver's network (/24, IPv6 /56). Allocates nothing; any thread.</summary>
    internal int NumberOf(ClientKey resolver)
    {
        var network = resolver.IsIPv4 ? IPv4Mark | (resolver.IPv4 >> 8) : IPv6Mark | (ulong)(resolver.Value >> 72);
        var number = (int)(network * 0x9E37_79B9_7F4A_7C15 >> (64 - ResolverBits));
        if (Volatile.Read(ref resolvers[number]) != network) Volatile.Write(ref resolvers[number], network);
        return number;
    }

    /// <summary>The last bits of an address in a network with so many host bits.</summary>
    internal static uint Label(int generation, int resolver, int hostBits) =>
        (uint)(generation & ((1 << GenerationBits(hostBits)) - 1)) << ResolverBits | (uint)resolver;

    /// <summary>What the address of a request says: null where it is none of <paramref name="epochs"/>, or out of the answer that is given now.</summary>
    /// <param name="epochs">The network that addresses are taken from.</param>
    /// <param name="address">The address that the request arrived at.</param>
    public StaleAnswer? Judge(IPNetwork epochs, IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (!epochs.Contains(address)) return null;
        var bits = address.GetAddressBytes();
        var last = BinaryPrimitives.ReadUInt32BigEndian(bits.AsSpan(bits.Length - 4));
        var mask = (1 << GenerationBits(bits.Length * 8 - epochs.PrefixLength)) - 1;
        var now = Volatile.Read(ref current);
        var behind = (now - (int)(last >> ResolverBits)) & mask;
        if (behind == 0 || behind > now) return null; // of now, or of before the restart
        return new(NetworkOf((int)last & ((1 << ResolverBits) - 1)), time.GetElapsedTime(ended[(now - behind) % ended.Length]));
    }

    private static int GenerationBits(int hostBits) => Math.Min(hostBits - ResolverBits, MaxGenerationBits);

    private string NetworkOf(int number)
    {
        var network = Volatile.Read(ref resolvers[number]);
        if (network == 0) return "unknown";
        var bytes = new byte[16];
        if ((network & IPv6Mark) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)network << 8);
            return $"{new IPAddress(bytes.AsSpan(0, 4))}/24";
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, network << 8);
        return $"{new IPAddress(bytes)}/56";
    }
}

/// <summary>A request that came by an answer that is no longer given.</summary>
/// <param name="Resolver">The network of the resolver that was given it.</param>
/// <param name="Age">How long ago the answer was replaced.</param>
public readonly record struct StaleAnswer(string Resolver, TimeSpan Age);
