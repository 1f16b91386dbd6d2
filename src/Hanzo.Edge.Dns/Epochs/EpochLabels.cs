using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Epochs;

/// <summary>Writes generation and resolver into the addresses of an answer that are taken from epoch networks. Immutable; one for each generation.</summary>
/// <param name="book">Numbers the resolvers.</param>
/// <param name="generation">The generation of the answers.</param>
/// <param name="networks">The networks; their first addresses stand in the prepared records.</param>
internal sealed class EpochLabels(EpochBook book, int generation, ImmutableArray<IPNetwork> networks)
{
    private const int RecordHead = 12;

    private readonly (uint Base, int HostBits)[] ipv4 = [.. networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork).Select(network => (ClientKey.Of(network.BaseAddress).IPv4, 32 - network.PrefixLength))];
    private readonly (UInt128 Base, int HostBits)[] ipv6 = [.. networks.Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6).Select(network => (ClientKey.Of(network.BaseAddress).Value, 128 - network.PrefixLength))];

    /// <summary>Writes into <paramref name="records"/>. Allocates nothing.</summary>
    /// <param name="records">Whole A or AAAA records of one length.</param>
    /// <param name="recordLength">The length of one.</param>
    /// <param name="resolver">Who is answered.</param>
    public void Write(Span<byte> records, int recordLength, ClientKey resolver)
    {
        var number = book.NumberOf(resolver);
        for (; records.Length >= recordLength; records = records[recordLength..])
        {
            var address = records[RecordHead..recordLength];
            if (address.Length == 4) WriteIPv4(address, number);
            else WriteIPv6(address, number);
        }
    }

    private void WriteIPv4(Span<byte> address, int number)
    {
        var known = BinaryPrimitives.ReadUInt32BigEndian(address);
        foreach (var (first, hostBits) in ipv4)
            if (known == first) BinaryPrimitives.WriteUInt32BigEndian(address, first | EpochBook.Label(generation, number, hostBits));
    }

    private void WriteIPv6(Span<byte> address, int number)
    {
        var known = BinaryPrimitives.ReadUInt128BigEndian(address);
        foreach (var (first, hostBits) in ipv6)
            if (known == first) BinaryPrimitives.WriteUInt128BigEndian(address, first | EpochBook.Label(generation, number, hostBits));
    }
}
