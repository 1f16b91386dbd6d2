using System.Buffers;
using System.Text;
using CsCheck;
using Hanzo.Edge.Proxying.Direct;
using Hanzo.Edge.Proxying.Plain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;

namespace Hanzo.Edge.Tests.Proxying.Plain;

/// <summary>Which requests the edge reads itself, and that it reads of them what Kestrel would.</summary>
public sealed class PlainRequestTests
{
    public static TheoryData<string> NotPlain =>
    [
        "",
        "G",
        "GET / HTTP/1.1\r\nHost: shop\r\n",
        "GET / HTTP/1.1\r\nHost: shop\n\n",
        "GET / HTTP/1.1\nHost: shop\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: shop\r\n\r\n",
        "GET /  HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET http://shop/ HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /a/../b HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /a/.b HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /a%2Fb HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /?a=%2 HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /?a=%zz HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /?a=# HTTP/1.1\r\nHost: shop\r\n\r\n",
        "GET /\u00e9 HTTP/1.1\r\nHost: shop\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nHost: shop\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop/a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop:80a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: :80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: shop\r\ncontent-length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nTE: trailers\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nMax-Forwards: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nConnection: keep-alive, X-Mine\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nConnection: keep-alive\r\nConnection: X-Mine\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 192.0.2.1\r\nx-forwarded-for: 192.0.2.2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\n: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\nb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\0b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: a\tb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: shop\r\nX: \u00e9\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: shop\r\n{string.Concat(Enumerable.Range(0, 64).Select(at => $"X-{at}: a\r\n"))}\r\n",
        "\r\nGET / HTTP/1.1\r\nHost: shop\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(NotPlain))]
    public void What_is_not_plain_is_left_to_others(string head) => Assert.False(new PlainRequest().TryRead(Encoding.Latin1.GetBytes(head), out _));

    [Fact]
    public void A_plain_request_is_read_to_its_end()
    {
        var request = new PlainRequest();

        Assert.True(request.TryRead("GET /v1/products?q=a%20b HTTP/1.1\r\nHost: shop:8080\r\nconnection: Keep-Alive\r\nX-Forwarded-For: 192.0.2.1 \r\nRequest-Id: 7\r\n\r\nGET /next"u8.ToArray(), out var length));

        Assert.Equal("GET /v1/products?q=a%20b HTTP/1.1\r\nHost: shop:8080\r\nconnection: Keep-Alive\r\nX-Forwarded-For: 192.0.2.1 \r\nRequest-Id: 7\r\n\r\n".Length, length);
        Assert.Equal(("/v1/products", "?q=a%20b", "shop:8080"), (request.Path, request.Query, request.Host));
        Assert.Equal("/v1/products?q=a%20b", Encoding.ASCII.GetString(request.Target));
        Assert.Equal(("192.0.2.1", "7", ""), (request.Of(FieldRole.ForwardedFor).ToString(), request.Of(FieldRole.RequestId).ToString(), request.Of(FieldRole.Via).ToString()));
    }

    [Fact]
    public void What_the_request_before_said_is_not_said_by_the_next()
    {
        var request = new PlainRequest();
        Assert.True(request.TryRead("GET /a?b HTTP/1.1\r\nHost: shop\r\nVia: 1.1 before\r\nX: y\r\n\r\n"u8.ToArray(), out _));
        var host = request.Host;

        Assert.True(request.TryRead("GET /c HTTP/1.1\r\nHost: shop\r\n\r\n"u8.ToArray(), out _));

        Assert.Equal(("/c", "", ""), (request.Path, request.Query, request.Of(FieldRole.Via).ToString()));
        Assert.Equal("", Copied(request, trusted: true));
        Assert.Same(host, request.Host);
        Assert.False(request.TryRead("GET /c HTTP/1.1\r\nVia: 1.1 before\r\n\r\n"u8.ToArray(), out _));
    }

    [Fact]
    public void Only_what_crosses_the_edge_is_copied()
    {
        var request = new PlainRequest();
        Assert.True(request.TryRead("GET / HTTP/1.1\r\nHost: shop\r\nAccept: a/b\r\nHanzo-Client: x\r\nHanzo-Session: s\r\nX-Real-IP: 192.0.2.1\r\nForwarded: for=a\r\nVia: 1.1 b\r\nConnection: keep-alive\r\ncookie: a=b\r\n\r\n"u8.ToArray(), out _));

        Assert.Equal("Accept: a/b\r\nHanzo-Client: x\r\nHanzo-Session: s\r\nX-Real-IP: 192.0.2.1\r\ncookie: a=b\r\n", Copied(request, trusted: true));
        Assert.Equal("Accept: a/b\r\nHanzo-Session: s\r\ncookie: a=b\r\n", Copied(request, trusted: false));
    }

    /// <summary>Heads made of pieces that are right, nearly right and wrong: whatever is taken as plain, Kestrel's parser takes too, and reads the same.</summary>
    [Fact]
    public void What_is_plain_is_to_Kestrel_the_same()
    {
        var piece = OneOf("Host: shop\r\n", "X: a\r\n", "X:a\r\n", "X:  a \r\n", "X : a\r\n", "Y: \r\n", "Via: 1.1 b\r\n", "x-forwarded-for: 192.0.2.1\r\n", "Content-Length: 0\r\n", "Connection: keep-alive\r\n",
            " folded\r\n", "\r\n", "\n", "\r", ":", " ", "\t", "Z", "\0", "\u00e9", "Host: shop:80\r\n", "TE:x\r\n", "a=b: c\r\n", "Cookie: a=\"b\"\r\n");
        var target = OneOf("/", "/a", "/a//b", "/a/./b", "/%41", "/a?b=%41&c", "/?%4", "/a b", "*", "/~a:b,=&_-", "/?'()*;+!$@");
        var line = OneOf(" HTTP/1.1\r\n", " HTTP/1.1\r\n", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "  HTTP/1.1\r\n", " HTTP/1.1\n", " HTTP/1.12\r\n", "\r\n");
        var plain = 0;
        Gen.Select(target, line, OneOf("Host: shop\r\n", ""), piece.List[0, 5]).Sample(parts =>
        {
            var head = Encoding.Latin1.GetBytes($"GET {parts.Item1}{parts.Item2}{parts.Item3}{string.Concat(parts.Item4)}\r\n");
            var request = new PlainRequest();
            if (!request.TryRead(head, out var length)) return;
            Interlocked.Increment(ref plain);
            var kestrel = new Heard();
            var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(head));
            var parser = new HttpParser<Heard>(showErrorDetails: true);
            Assert.True(parser.ParseRequestLine(kestrel, ref reader));
            Assert.True(parser.ParseHeaders(kestrel, ref reader));
            Assert.Equal(length, reader.Consumed);
            Assert.Equal((request.Path, request.Path + request.Query, request.Host), (kestrel.Path, kestrel.Target, kestrel.Host));
            foreach (var (role, name) in new[] { (FieldRole.Via, "Via"), (FieldRole.ForwardedFor, "X-Forwarded-For") })
                Assert.Equal(request.Of(role).ToString(), kestrel.Fields.GetValueOrDefault(name, ""));
            var copied = kestrel.Fields.Keys.Where(name => name.ToUpperInvariant() is not ("HOST" or "VIA" or "X-FORWARDED-FOR" or "CONNECTION")).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var sent = Copied(request, trusted: true).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(sent => sent[..sent.IndexOf(':', StringComparison.Ordinal)]).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Assert.True(copied.SetEquals(sent));
        }, iter: 20_000, seed: "0000KLq7E5m4");
        Assert.InRange(plain, 300, 20_000);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.OneOf([.. texts.Select(Gen.Const)]);

    private static string Copied(PlainRequest request, bool trusted)
    {
        var upstream = new RequestHead();
        request.Copy(trusted, upstream);
        return Encoding.ASCII.GetString(upstream.Written.Span);
    }

    private sealed class Heard : IHttpRequestLineHandler, IHttpHeadersHandler
    {
        public Dictionary<string, string> Fields { get; } = new(StringComparer.OrdinalIgnoreCase);

        public string Target { get; private set; } = "";

        public string Path { get; private set; } = "";

        public string Host => Fields.GetValueOrDefault("Host", "");

        public void OnStartLine(HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath, Span<byte> startLine)
        {
            Assert.Equal((HttpVersion.Http11, Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpMethod.Get), (versionAndMethod.Version, versionAndMethod.Method));
            Assert.False(targetPath.IsEncoded);
            Target = Encoding.Latin1.GetString(startLine[targetPath.Offset..]);
            Path = Target[..targetPath.Length];
        }

        public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Fields[Encoding.Latin1.GetString(name)] = Encoding.Latin1.GetString(value);

        public void OnHeadersComplete(bool endStream)
        {
            // nothing follows
        }

        public void OnStaticIndexedHeader(int index) => throw new NotSupportedException();

        public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) => throw new NotSupportedException();
    }
}
