using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>Carries the content of a response to the client.</summary>
internal static class ResponseBody
{
    // As much as the endpoint is likely to have sent at once, and less than makes an array a large object.
    private const int Stretch = 64 * 1024;

    // Of each of the many responses that a client of HTTP/2 may ask for at once so much waits until it is sent.
    private const int Portion = 32 * 1024;

    /// <summary>Copies all of it.</summary>
    /// <returns>Whether the connection may carry another request.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<bool> CopyAsync(HttpContext context, UpstreamConnection connection)
    {
        var head = connection.Head;
        if (!ResponseFields.HasContent(context.Request.Method, head.Status)) return head.KeepsAlive;
        if (head.Status == StatusCodes.Status205ResetContent) return head.KeepsAlive && head.Length == 0;
        var received = connection.Received;
        if (head.Length >= 0 && received.Length >= head.Length)
        {
            var length = (int)head.Length;
            if (length > 0) Check(await context.Response.BodyWriter.WriteAsync(received[..length]));
            connection.Consume(length);
            return head.KeepsAlive;
        }
        // A client of events waits for the head before any event.
        if (received.IsEmpty && context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true)
            Check(await context.Response.BodyWriter.FlushAsync());
        if (head.IsChunked)
        {
            await CopyChunksAsync(context.Response.BodyWriter, connection, new FramedContent(context.Response));
            return head.KeepsAlive;
        }
        if (head.Length >= 0)
        {
            await (HttpProtocol.IsHttp11(context.Request.Protocol) ? PassAsync(context, connection, head.Length) : CopyAsync(context, connection, head.Length));
            return head.KeepsAlive;
        }
        // RFC 9112 §6.3: without a length the content ends with the connection.
        await CopyAsync(context, connection, long.MaxValue);
        return false;
    }

    // Receives into the memory that the client's connection sends from, so that the bytes are not copied between the two.
    // Only for HTTP/1.1: that memory stays ours until it is advanced, whatever happens to the client. HTTP/2 gives no such promise.
    private static async ValueTask PassAsync(HttpContext context, UpstreamConnection connection, long left)
    {
        await context.Response.StartAsync();
        await PassAsync(context.Response.BodyWriter, connection, left);
    }

    /// <summary>Copies <paramref name="left"/> bytes to a client of HTTP/1.1, behind what is written to it already, and sends them.</summary>
    public static async ValueTask PassAsync(PipeWriter client, UpstreamConnection connection, long left)
    {
        left -= TakeReceived(client, connection, left);
        while (true)
        {
            // What is written waits for more only where there is more, and no memory is taken to wait with: of many responses under
            // way most wait.
            var waits = left > 0 && !connection.MayHaveMore;
            if (waits || left == 0 || client.UnflushedBytes >= Stretch) Check(await FlushAsync(client));
            if (left == 0) return;
            if (waits) await connection.WaitForContentAsync();
            left -= Receive(client, connection, left);
        }
    }

    // Each is compiled by itself: all in one took the runtime's compiler seven megabytes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask<FlushResult> FlushAsync(PipeWriter client) => client.FlushAsync();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Receive(PipeWriter client, UpstreamConnection connection, long left)
    {
        var count = connection.Receive(client.GetSpan((int)Math.Min(left + 1, Stretch)), left);
        if (count == 0) throw Ended();
        if (count < 0) return 0;
        client.Advance(count);
        return count;
    }

    // As PassAsync, through memory of ours in between, which is borrowed only for what has come.
    private static async ValueTask CopyAsync(HttpContext context, UpstreamConnection connection, long left)
    {
        var client = context.Response.BodyWriter;
        var endsByItself = left == long.MaxValue;
        left -= TakeReceived(client, connection, left);
        while (left > 0)
        {
            if (!connection.MayHaveMore)
            {
                Check(await client.FlushAsync());
                await connection.WaitForContentAsync();
            }
            var count = CopyStretch(client, connection, left);
            if (count < 0) continue;
            if (count == 0 && !endsByItself) throw Ended();
            if (count == 0) return;
            left -= count;
            if (left == 0 || client.UnflushedBytes >= Portion) Check(await client.FlushAsync());
        }
    }

    private static int TakeReceived(PipeWriter client, UpstreamConnection connection, long left)
    {
        var received = connection.Received;
        if (received.Length > left) received = received[..(int)left];
        client.Write(received.Span);
        connection.Consume(received.Length);
        return received.Length;
    }

    private static int CopyStretch(PipeWriter client, UpstreamConnection connection, long left)
    {
        var stretch = ArrayPool<byte>.Shared.Rent(Portion);
        try
        {
            var count = connection.Receive(stretch, left);
            if (count > 0) client.Write(stretch.AsSpan(0, count));
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stretch);
        }
    }

    /// <summary>Copies content that comes in chunks. Its last part is written, and not sent yet.</summary>
    public static async ValueTask CopyChunksAsync<TContent>(PipeWriter client, UpstreamConnection connection, TContent content)
        where TContent : struct, IContentWriter
    {
        var chunks = new ChunkReader();
        var written = 0;
        while (true)
            switch (Next(ref content, connection, ref chunks, client, ref written))
            {
                case ChunkVerdict.End:
                    content.End(client);
                    return;
                case ChunkVerdict.Broken:
                    throw UpstreamConnection.Broken();
                case ChunkVerdict.Incomplete:
                    var hasMore = connection.MayHaveMore;
                    if (!hasMore)
                    {
                        if (written > 0) Check(await client.FlushAsync());
                        written = 0;
                        connection.Spare();
                        await connection.WaitForContentAsync();
                    }
                    if (connection.ReceiveContent(hasMore) == 0) throw Ended();
                    break;
                default:
                    if (written < Stretch) break;
                    Check(await client.FlushAsync());
                    written = 0;
                    break;
            }
    }

    private static ChunkVerdict Next<TContent>(ref TContent content, UpstreamConnection connection, ref ChunkReader chunks, PipeWriter client, ref int written)
        where TContent : struct, IContentWriter
    {
        var verdict = chunks.Read(connection.Received.Span, out var consumed, out var found);
        if (verdict == ChunkVerdict.Content)
        {
            content.Write(client, found);
            written += found.Length;
        }
        else if (verdict == ChunkVerdict.Trailer && !TryTell(ref content, client, found)) verdict = ChunkVerdict.Broken;
        connection.Consume(consumed);
        return verdict;
    }

    private static bool TryTell<TContent>(ref TContent content, PipeWriter client, ReadOnlySpan<byte> line)
        where TContent : struct, IContentWriter
    {
        if (FieldLine.Read(line) is not { } trailer) return false;
        // RFC 9110 §6.5.1: what frames or routes a message is no trailer.
        if (trailer.IsForClient && trailer.Meaning == FieldMeaning.None) content.Tell(client, trailer);
        return true;
    }

    /// <summary>Checks that a client still takes what is sent.</summary>
    /// <exception cref="OperationCanceledException">It is gone.</exception>
    public static void Check(FlushResult flushed)
    {
        if (flushed.IsCompleted || flushed.IsCanceled) throw new OperationCanceledException("The client is gone.");
    }

    /// <summary>The endpoint ended its response too early.</summary>
    public static HttpIOException Ended() => new(HttpRequestError.ResponseEnded, "The endpoint closed the connection before the end of its response.");
}

/// <summary>Writes content that came in chunks as its client takes it.</summary>
internal interface IContentWriter
{
    /// <summary>Writes a part.</summary>
    void Write(PipeWriter client, ReadOnlySpan<byte> part);

    /// <summary>Writes a field that came behind the content.</summary>
    void Tell(PipeWriter client, FieldLine trailer);

    /// <summary>Everything was written.</summary>
    void End(PipeWriter client);
}

/// <summary>Content that the server frames.</summary>
internal readonly struct FramedContent(HttpResponse response) : IContentWriter
{
    /// <inheritdoc/>
    public void Write(PipeWriter client, ReadOnlySpan<byte> part) => client.Write(part);

    /// <inheritdoc/>
    public void Tell(PipeWriter client, FieldLine trailer)
    {
        if (response.SupportsTrailers()) response.AppendTrailer(trailer.Name, trailer.Value);
    }

    /// <inheritdoc/>
    public void End(PipeWriter client)
    {
        // the server knows
    }
}
