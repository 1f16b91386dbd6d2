using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Hanzo.Edge.Proxying.Plain;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Hanzo.Edge.Proxying.Direct;

/// <summary>The head of a request without content, written as it goes out. Used again by each request of a connection.</summary>
internal sealed class RequestHead : IRequestFields
{
    private byte[] bytes = new byte[1024];
    private int length;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    /// <summary>Writes the head of a request to <paramref name="endpoint"/>.</summary>
    public void Write(Exchange exchange, HttpRequest request, UpstreamEndpoint endpoint)
    {
        length = 0;
        Append(request.Method);
        Append(" ");
        Append(endpoint.Path);
        Append(RequestTarget.Of(request) ?? RequestUtilities.MakeDestinationAddress("http://any", request.Path, request.QueryString).PathAndQuery);
        Append(" HTTP/1.1\r\nHost: ");
        var host = request.Headers.Host.ToString();
        Append(host.Length == 0 ? endpoint.Authority : host);
        Append("\r\n");
        var connection = ConnectionField.Of(request);
        var nominates = HeaderRules.Nominates(connection);
        foreach (var (name, value) in request.Headers)
        {
            if (!HeaderRules.CopiesToUpstream(name, exchange.Trusted) || name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)) continue;
            if (nominates && HeaderRules.IsNominated(connection, name)) continue;
            Add(name, value.Count == 1 ? value.ToString() : Joined(name, value));
        }
        EdgeTransformer.WriteOwn(exchange, request, this);
        Append("\r\n");
    }

    /// <summary>Writes the head of <paramref name="request"/> to <paramref name="endpoint"/>: most of it as it came.</summary>
    public void Write(Exchange exchange, PlainRequest request, string scheme, UpstreamEndpoint endpoint)
    {
        length = 0;
        Append("GET ");
        Append(endpoint.Path);
        Copy(request.Target);
        Append(" HTTP/1.1\r\nHost: ");
        Append(request.Host);
        Append("\r\n");
        request.Copy(exchange.Trusted, this);
        EdgeTransformer.WriteOwn(exchange, request.Hop(scheme), this);
        Append("\r\n");
    }

    /// <summary>Copies lines, or a part of one.</summary>
    public void Copy(ReadOnlySpan<byte> text)
    {
        MakeRoom(text.Length);
        Put(text);
    }

    /// <inheritdoc/>
    // Not compiled into each of those who add one: that took the runtime's compiler megabytes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Add(string name, params ReadOnlySpan<string> parts)
    {
        var most = name.Length + 4;
        foreach (var part in parts) most += part.Length;
        MakeRoom(most);
        var start = length;
        Put(name);
        Put(": "u8);
        foreach (var part in parts) Put(part);
        // The server refuses them long before: here a line can't be ended, whatever happens there.
        if (bytes.AsSpan(start, length - start).ContainsAny((byte)'\r', (byte)'\n', (byte)'\0')) throw new InvalidOperationException("A field of the request holds the end of a line.");
        Put("\r\n"u8);
    }

    // One field of several lines is one list (RFC 9110 §5.3), and Cookie has a separator of its own (RFC 6265 §5.4).
    private static string Joined(string name, StringValues value) =>
        string.Join(name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase) ? "; " : ", ", value.ToArray());

    private void Append(string text)
    {
        MakeRoom(text.Length);
        Put(text);
    }

    private void MakeRoom(int characters)
    {
        var most = Encoding.UTF8.GetMaxByteCount(characters);
        if (bytes.Length - length < most) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + most));
    }

    // Nearly all of it is ASCII, for which there is a shorter way.
    private void Put(string text)
    {
        var room = bytes.AsSpan(length);
        length += Ascii.FromUtf16(text, room, out var written) == OperationStatus.Done ? written : Encoding.UTF8.GetBytes(text, room);
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(bytes.AsSpan(length));
        length += text.Length;
    }
}
