using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// The body of a response to an HTTP/1.1 client that takes trailers (RFC 9112 §7.1). Kestrel writes trailers over HTTP/2
/// only, but leaves the framing of a response that says <c>Transfer-Encoding: chunked</c> to who wrote that: the chunks,
/// and the fields after the last of them, are written here. For other clients trailers are dropped, as RFC 9110 §6.5.1 allows.
/// </summary>
internal sealed class TrailerBody(PipeWriter client) : Stream, IHttpResponseTrailersFeature
{
    /// <inheritdoc/>
    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Takes over the body of a response that may end with trailers and has a client that wants them. Its head is sent at once: nothing else may be written in its place.</summary>
    public static Task TakeOverAsync(HttpContext context, HttpResponseMessage upstream)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpProtocol.IsHttp11(request.Protocol) || !request.Headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase)) return Task.CompletedTask;
        if (HttpMethods.IsHead(request.Method) || response.StatusCode is < 200 or 204 or 205 or 304) return Task.CompletedTask;
        if (upstream.Content.Headers.NonValidated.Contains(HeaderNames.ContentLength)) return Task.CompletedTask;
        response.Headers.TransferEncoding = "chunked";
        var body = new TrailerBody(response.BodyWriter);
        context.Features.Set(body);
        context.Features.Set<IHttpResponseTrailersFeature>(body);
        response.Body = body;
        return response.StartAsync(context.RequestAborted);
    }

    /// <summary>Writes the last chunk and the trailers.</summary>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        var end = new StringBuilder("0\r\n");
        foreach (var (name, values) in Trailers)
            foreach (var value in values)
                if (HeaderRules.CopiesToClient(name) && value is not null && !value.AsSpan().ContainsAny('\r', '\n'))
                    end.Append(name).Append(": ").Append(value).Append("\r\n");
        client.Write(Encoding.Latin1.GetBytes(end.Append("\r\n").ToString()));
        await client.FlushAsync(cancellation);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty) return; // an empty chunk would be the last
        client.Write(Encoding.ASCII.GetBytes(buffer.Length.ToString("X", CultureInfo.InvariantCulture) + "\r\n"));
        client.Write(buffer.Span);
        client.Write("\r\n"u8);
        await client.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
