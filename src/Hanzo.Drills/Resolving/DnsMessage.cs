using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hanzo.Drills.Resolving;

/// <summary>Questions for the addresses of a name, and their answers (RFC 1035), with the client's network (RFC 7871). Written apart from the edge.</summary>
internal static class DnsMessage
{
    private const int HeaderSize = 12;
    private const ushort TypeA = 1;
    private const ushort TypeOpt = 41;
    private const ushort ClassIn = 1;
    private const ushort ClientSubnet = 8;
    private const ushort LargestAnswer = 1232;

    /// <summary>A question for the IPv4 addresses of a name, as a resolver asks it for a client.</summary>
    public static byte[] Question(ushort id, string name, IPNetwork client)
    {
        using var message = new MemoryStream();
        foreach (var number in new ushort[] { id, 0, 1, 0, 0, 1 })
            Write(message, number);
        foreach (var label in name.Split('.'))
        {
            message.WriteByte((byte)label.Length);
            message.Write(Encoding.ASCII.GetBytes(label));
        }
        message.WriteByte(0);
        Write(message, TypeA);
        Write(message, ClassIn);

        var network = client.BaseAddress.GetAddressBytes()[..((client.PrefixLength + 7) / 8)];
        message.WriteByte(0);
        Write(message, TypeOpt);
        Write(message, LargestAnswer);
        Write(message, 0);
        Write(message, 0);
        Write(message, (ushort)(8 + network.Length));
        Write(message, ClientSubnet);
        Write(message, (ushort)(4 + network.Length));
        Write(message, (ushort)(client.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 1 : 2));
        message.WriteByte((byte)client.PrefixLength);
        message.WriteByte(0);
        message.Write(network);
        return message.ToArray();
    }

    /// <summary>What an answer says; null where it is none to this question, or no addresses but an error.</summary>
    public static DnsAnswer? Read(ReadOnlySpan<byte> message, ushort id)
    {
        if (message.Length < HeaderSize || Number(message, 0) != id || (message[2] & 0x80) == 0 || (message[3] & 0x0F) != 0)
            return null;
        var at = HeaderSize;
        for (var questions = Number(message, 4); questions > 0; questions--)
            at = AfterName(message, at) + 4;
        var addresses = new List<IPAddress>();
        var ttl = TimeSpan.MaxValue;
        var scope = 0;
        for (var records = Number(message, 6) + Number(message, 8) + Number(message, 10); records > 0; records--)
        {
            at = AfterName(message, at);
            var (type, seconds, length) = (Number(message, at), BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]), Number(message, at + 8));
            var data = message.Slice(at + 10, length);
            if (type == TypeA)
            {
                addresses.Add(new IPAddress(data));
                ttl = TimeSpan.FromSeconds(Math.Min(seconds, ttl.TotalSeconds));
            }
            else if (type == TypeOpt)
            {
                scope = ScopeIn(data);
            }
            at += 10 + length;
        }
        return addresses.Count == 0 ? null : new DnsAnswer(addresses, ttl, scope);
    }

    private static int ScopeIn(ReadOnlySpan<byte> options)
    {
        while (options.Length >= 4)
        {
            var length = Number(options, 2);
            if (Number(options, 0) == ClientSubnet && length >= 4)
                return options[7];
            options = options[(4 + length)..];
        }
        return 0;
    }

    private static int AfterName(ReadOnlySpan<byte> message, int at)
    {
        while (message[at] is > 0 and < 0xC0)
            at += 1 + message[at];
        return at + (message[at] == 0 ? 1 : 2);
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static void Write(MemoryStream message, ushort number)
    {
        message.WriteByte((byte)(number >> 8));
        message.WriteByte((byte)number);
    }
}

/// <summary>Addresses of a name.</summary>
/// <param name="Scope">How many bits of the client's network the answer is good for; 0 is for everybody.</param>
internal sealed record DnsAnswer(IReadOnlyList<IPAddress> Addresses, TimeSpan Ttl, int Scope);
