using CsCheck;
using Hanzo.Edge.Dns.Tests.Support;
using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Tests.Wire;

/// <summary>Good queries spoiled in every way that is cheap to think of. HANZO_DNS_FUZZ_SECONDS makes it long.</summary>
public sealed class FuzzTests
{
    private static readonly int Seconds = int.Parse(Environment.GetEnvironmentVariable("HANZO_DNS_FUZZ_SECONDS") ?? "20");

    private static readonly string[] Names =
        ["shop.edge.test.", "WWW.edge.TEST.", "x.y.wild.edge.test.", "x.walias.edge.test.", "x.sub.edge.test.", "big.edge.test.", "edge.test.", "nothing.edge.test.", "example.com.", "."];

    private static readonly Gen<byte[]> Queries =
        from name in OneOf(Names)
        from type in OneOf(1, 2, 5, 6, 15, 16, 28, 33, 41, 43, 65, 251, 252, 255, 257, 65280)
        from edns in Gen.Bool
        from size in OneOf(0, 100, 512, 1232, 4096, 65535)
        from subnet in Gen.Byte.Array[0, 22]
        from cookie in Gen.Byte.Array[0, 42]
        from which in Gen.Int[0, 7]
        select Make(name, type, edns, size, subnet, cookie, which);

    private static readonly Gen<byte[]> Spoiled =
        from packet in Queries
        from places in Gen.Int[0, 400].Array[0, 6]
        from values in Gen.Byte.Array[6]
        from cut in Gen.Int[0, 600]
        from tail in Gen.Byte.Array[0, 8]
        select Spoil(packet, places, values, cut, tail);

    [Fact]
    public void No_packet_makes_the_responder_throw_or_answer_too_much()
    {
        var snapshot = TestWorld.Snapshot(options: TestWorld.Options with
        {
            CookieSecrets = [[.. new byte[16]]],
            ServerId = [.. "edge-1"u8],
        });
        Spoiled.Sample(packet =>
        {
            var answer = new Exchange(snapshot).Send(packet);
            if (answer.Length == 0) return packet.Length < 12 || (packet[2] & 0x80) != 0;
            var response = Response.Read(answer);
            var query = new DnsQuery();
            query.Read(packet);
            return answer.Length <= Math.Min(query.UdpSize, 1232) && response.Id == (packet[0] << 8 | packet[1]) && (response.Flags & 0x8000) != 0;
        }, time: Seconds, iter: long.MaxValue);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Make(string name, int type, bool edns, int size, byte[] subnet, byte[] cookie, int which)
    {
        var query = new Query(name, (DnsType)type) { Edns = edns, UdpSize = size };
        if ((which & 1) != 0) query = query.With(8, subnet);
        if ((which & 2) != 0) query = query.With(10, cookie);
        if ((which & 4) != 0) query = query.With(3).From("11.2.0.0/24");
        return query.Packet();
    }

    private static byte[] Spoil(byte[] packet, int[] places, byte[] values, int cut, byte[] tail)
    {
        byte[] spoiled = [.. packet, .. tail];
        for (var i = 0; i < places.Length; i++)
            if (places[i] < spoiled.Length) spoiled[places[i]] = values[i];
        return cut < spoiled.Length ? spoiled[..cut] : spoiled;
    }
}
