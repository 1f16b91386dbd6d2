namespace Hanzo.Peers.Consensus;

/// <summary>Puts a value under one of its own keys into etcd, through its v3 gRPC API (<c>etcdserverpb.KV/Put</c>).</summary>
/// <param name="channel">May be shared by clients, as etcd's own clients share theirs.</param>
/// <param name="keys">Among how many keys the puts are spread.</param>
internal sealed class Puts(GrpcChannel channel, int client, int keys, int valueSize, Random random) : IConnection
{
    private const byte KeyField = 1 << 3 | 2;
    private const byte ValueField = 2 << 3 | 2;

    public async Task<bool> Next()
    {
        var key = $"reservation/{random.Next(keys):d8}";
        var value = new byte[valueSize];
        random.NextBytes(value);
        using var message = new MemoryStream();
        message.WriteByte(KeyField);
        WriteLength(message, key.Length);
        message.Write(System.Text.Encoding.ASCII.GetBytes(key));
        message.WriteByte(ValueField);
        WriteLength(message, value.Length);
        message.Write(value);
        return await channel.Call(message.ToArray());
    }

    public override string ToString() => $"client {client}";

    /// <summary>A channel is ended by whoever made it.</summary>
    public void Dispose()
    {
    }

    /// <summary>A varint as protobuf writes it.</summary>
    private static void WriteLength(MemoryStream to, int length)
    {
        for (; length > 0x7F; length >>= 7)
            to.WriteByte((byte)(length | 0x80));
        to.WriteByte((byte)length);
    }
}
