using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// Tells HTTP/2 with prior knowledge (RFC 9113 §3.3) from HTTP/1.1 by a connection's first bytes. Kestrel serves clear text
/// on one address by one version only, so a connection that opens with the HTTP/2 preface is handed, bytes unread, to
/// <see cref="PrefaceListener"/>, whose server speaks HTTP/2.
/// </summary>
internal sealed class PrefaceSniffer(ConnectionDelegate next, PrefaceListener http2, TimeProvider time)
{
    /// <summary>How long a connection may stay without its first bytes; as long as Kestrel keeps an idle one.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Serves one connection by the version it speaks.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        bool isHttp2;
        using (var patience = new CancellationTokenSource(Patience, time))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, connection.ConnectionClosed))
            try
            {
                isHttp2 = await OpensWithPrefaceAsync(connection, stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        await (isHttp2 ? http2.ServeAsync(connection) : next(connection));
    }

    // Looks at the bytes and leaves them all. "P" may begin POST, PUT, PATCH too: read on until the bytes differ.
    private static async Task<bool> OpensWithPrefaceAsync(ConnectionContext connection, CancellationToken cancellation)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var differs = Differs(read.Buffer);
            var isWhole = read.Buffer.Length >= Preface.Length;
            var decided = differs || isWhole || read.IsCompleted;
            input.AdvanceTo(read.Buffer.Start, decided ? read.Buffer.Start : read.Buffer.End);
            if (decided) return !differs && isWhole;
        }
    }

    private static bool Differs(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, first.Length);
        buffer.Slice(0, length).CopyTo(first);
        return !Preface.StartsWith(first[..length]);
    }
}
