using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>
/// One TCP connection: queries with their length before them, one after another, as many as the client sends without waiting
/// (RFC 7766 §6.2.1.1). Answers go out in the order of the queries, those read together in one write.
/// </summary>
internal sealed class TcpConnection(Socket socket, TcpResponder responder, DnsServing serving, DnsServerOptions options)
{
    private const int LengthBytes = 2;
    private const int RequestBuffer = 2 * (LengthBytes + 4096);
    private const int ResponseBuffer = 65536;

    private readonly ClientKey address = ClientKey.Of(((IPEndPoint)socket.RemoteEndPoint!).Address);
    private int start;
    private int end;

    /// <summary>Serves until the client closes, is idle too long, says nonsense, or the server stops.</summary>
    /// <returns>Why it ended.</returns>
    public async Task<string> RunAsync(CancellationToken stopping)
    {
        socket.NoDelay = true;
        var request = ArrayPool<byte>.Shared.Rent(RequestBuffer);
        var response = ArrayPool<byte>.Shared.Rent(ResponseBuffer);
        try
        {
            while (true)
            {
                using var idle = new CancellationTokenSource(options.IdleTimeout, serving.Time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, stopping);
                while (!HasWhole(request))
                {
                    if (IsTooLong(request)) return "too long";
                    if (start > 0) Compact(request);
                    var read = await socket.ReceiveAsync(request.AsMemory(end), SocketFlags.None, either.Token).ConfigureAwait(false);
                    if (read == 0) return "client";
                    end += read;
                }

                using var taking = new CancellationTokenSource(options.IdleTimeout, serving.Time);
                while (HasWhole(request))
                {
                    var length = Answer(request, response);
                    if (length == 0) return "not a query";
                    for (var sent = 0; sent < length;)
                        sent += await socket.SendAsync(response.AsMemory(sent, length - sent), SocketFlags.None, taking.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return stopping.IsCancellationRequested ? "stop" : "idle";
        }
        catch (SocketException)
        {
            return "reset";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(request);
            ArrayPool<byte>.Shared.Return(response);
        }
    }

    private bool HasWhole(byte[] request) => end - start >= LengthBytes && end - start - LengthBytes >= NextLength(request);

    private bool IsTooLong(byte[] request) => end - start >= LengthBytes && NextLength(request) + LengthBytes > RequestBuffer / 2;

    private int NextLength(byte[] request) => BinaryPrimitives.ReadUInt16BigEndian(request.AsSpan(start));

    private void Compact(byte[] request)
    {
        request.AsSpan(start, end - start).CopyTo(request);
        (start, end) = (0, end - start);
    }

    // As many answers as there are whole queries and room for the largest answer; the rest in the next turn.
    private int Answer(byte[] request, byte[] response)
    {
        var written = 0;
        while (HasWhole(request))
        {
            var length = NextLength(request);
            var room = response.AsSpan(written + LengthBytes);
            if (room.Length < DnsResponder.MaxLength) break;
            var answered = responder.Respond(request.AsSpan(start + LengthBytes, length), address, room);
            if (answered == 0) return written;
            BinaryPrimitives.WriteUInt16BigEndian(response.AsSpan(written), (ushort)answered);
            written += LengthBytes + answered;
            start += LengthBytes + length;
        }

        return written;
    }
}
