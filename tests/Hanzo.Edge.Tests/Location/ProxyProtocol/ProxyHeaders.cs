using System.Buffers;
using System.Net;

namespace Hanzo.Edge.Tests.Location.ProxyProtocol;

/// <summary>Writes headers as proxies do.</summary>
internal static class ProxyHeaders
{
    public static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>A header of any content.</summary>
    public static byte[] Raw(byte command, byte family, byte[] block) => [.. Signature, command, family, (byte)(block.Length >> 8), (byte)block.Length, .. block];

    /// <summary>The header of a TCP connection that a client made to 127.0.0.1 or ::1, port 80.</summary>
    public static byte[] Relayed(string source, params byte[] extensions)
    {
        var client = IPEndPoint.Parse(source);
        var address = client.Address.GetAddressBytes();
        var destination = (address.Length == 4 ? IPAddress.Loopback : IPAddress.IPv6Loopback).GetAddressBytes();
        return Raw(0x21, (byte)(address.Length == 4 ? 0x11 : 0x21), [.. address, .. destination, (byte)(client.Port >> 8), (byte)client.Port, 0, 80, .. extensions]);
    }

    /// <summary>The bytes as two reads of a socket leave them.</summary>
    public static ReadOnlySequence<byte> InTwo(byte[] bytes, int cut)
    {
        var first = new Piece(bytes.AsMemory(0, cut), 0);
        var second = new Piece(bytes.AsMemory(cut), cut);
        first.Before(second);
        return new(first, 0, second, second.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public void Before(Piece next) => Next = next;
    }
}
