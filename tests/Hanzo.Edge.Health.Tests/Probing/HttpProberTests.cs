using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;
using Eventually = Hanzo.Testing.Eventually;

namespace Hanzo.Edge.Health.Tests.Probing;

public sealed class HttpProberTests : IDisposable
{
    private readonly HttpProber prober = new(TimeProvider.System);

    public void Dispose() => prober.Dispose();

    [Theory]
    [InlineData("200 OK", true)]
    [InlineData("204 No Content", true)]
    [InlineData("301 Moved Permanently\r\nLocation: /elsewhere", false)]
    [InlineData("404 Not Found", false)]
    [InlineData("503 Service Unavailable", false)]
    public async Task The_status_says_whether_an_endpoint_is_fit_and_redirects_are_not_followed(string status, bool isFit)
    {
        await using var server = new RawServer($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");

        var outcome = await Probe(server);

        Assert.Equal(isFit ? ProbeResult.Good : ProbeResult.Status, outcome.Result);
        Assert.Equal(isFit ? StateClasses.All : StateClasses.None, outcome.Serves);
        Assert.InRange(outcome.RoundTrip!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Method_path_host_and_fields_are_asked_as_configured()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        await Probe(server, new ProbeOptions { Method = "HEAD", Path = "/deep/ready?full=1", Host = "shop.example", Headers = new(("X-Probe", "edge"), ("Authorization", "Bearer 42")) });

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("HEAD /deep/ready?full=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Host: shop.example\r\n", request, StringComparison.Ordinal);
        Assert.Contains("X-Probe: edge\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer 42\r\n", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("204 No Content", "Good")]
    [InlineData("401 Unauthorized", "Good")]
    [InlineData("205 Reset Content", "Status")]
    [InlineData("402 Payment Required", "Status")]
    public async Task Several_ranges_of_statuses_may_be_good(string status, string expected)
    {
        await using var server = new RawServer($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(expected, (await Probe(server, new ProbeOptions { ExpectedStatus = new((200, 204), (401, 401)) })).Result.ToString());
    }

    [Fact]
    public async Task An_endpoint_reports_its_state_classes_in_json()
    {
        const string body = """{"status":"ready","serves":["read","local-write"]}""";
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(StateClasses.Read | StateClasses.LocalWrite, (await Probe(server)).Serves);
    }

    [Theory]
    [InlineData("503 Service Unavailable\r\nHanzo-Health: down", nameof(ProbeResult.Refused))]
    [InlineData("503 Service Unavailable\r\nHanzo-Health: soon", nameof(ProbeResult.Status))]
    [InlineData("200 OK\r\nHanzo-Health: down", nameof(ProbeResult.Good))]
    public async Task An_explicit_refusal_is_a_503_that_says_down(string head, string expected)
    {
        await using var server = new RawServer($"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(expected, (await Probe(server)).Result.ToString());
    }

    [Fact]
    public async Task A_configured_status_is_a_refusal_too()
    {
        await using var server = new RawServer("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(ProbeResult.Refused, (await Probe(server, new ProbeOptions { RefusedStatus = 410 })).Result);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(65_000, true)]
    [InlineData(66_000, false)]
    public async Task The_expected_text_must_stand_in_the_first_64_KiB_of_the_body(int before, bool isFound)
    {
        var body = new string('-', before) + "zustand: grün";
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n{body}");

        Assert.Equal(isFound ? ProbeResult.Good : ProbeResult.Body, (await Probe(server, new ProbeOptions { ExpectedBody = "grün" })).Result);
        Assert.Equal(ProbeResult.Body, (await Probe(server, new ProbeOptions { ExpectedBody = "rot" })).Result);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_fails_the_probe()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", certificate: SelfSigned("127.0.0.1"));

        var outcome = await prober.ProbeAsync(Some.Endpoint("a", $"https://127.0.0.1:{server.Port}"), new ProbeOptions(), CancellationToken.None);

        Assert.Equal(ProbeResult.Tls, outcome.Result);
        Assert.Contains("certificate", outcome.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_probe_takes_a_new_connection_and_so_notices_a_listener_that_is_gone()
    {
        var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n");
        await Probe(server);
        await Probe(server);
        Assert.Equal(2, server.Connections);
        await server.DisposeAsync();

        Assert.Equal(ProbeResult.Connect, (await Probe(server)).Result);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_a_failed_connection() =>
        Assert.Equal(ProbeResult.Connect, (await prober.ProbeAsync(Some.Endpoint("a", "http://no-such-host.invalid"), new ProbeOptions(), CancellationToken.None)).Result);

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"serves\"")]
    [InlineData("220 mail.example ESMTP\r\n\r\n")]
    public async Task A_connection_that_breaks_or_does_not_speak_http_is_broken(string answer)
    {
        await using var server = new RawServer(answer);

        Assert.Equal(ProbeResult.Broken, (await Probe(server)).Result);
    }

    [Fact]
    public async Task A_reset_is_broken()
    {
        await using var server = new RawServer("", reset: true);

        Assert.Equal(ProbeResult.Broken, (await Probe(server)).Result);
    }

    [Fact]
    public async Task Clear_text_where_tls_is_expected_is_a_failed_handshake()
    {
        await using var server = new RawServer("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(ProbeResult.Tls, (await prober.ProbeAsync(Some.Endpoint("a", $"https://127.0.0.1:{server.Port}"), new ProbeOptions(), CancellationToken.None)).Result);
    }

    [Fact]
    public async Task A_body_that_never_ends_is_not_waited_for_unless_it_is_a_report()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nslow", holdOpen: true);

        Assert.Equal(ProbeResult.Good, (await Probe(server).WaitAsync(Eventually.Patience)).Result);
    }

    [Fact]
    public async Task A_report_that_never_ends_lasts_until_the_probe_is_called_off()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"serves\"", holdOpen: true);
        using var cancellation = new CancellationTokenSource();

        var probing = prober.ProbeAsync(Some.Endpoint("a", $"http://127.0.0.1:{server.Port}"), new ProbeOptions(), cancellation.Token);
        await server.Answered.WaitAsync(Eventually.Patience);
        Assert.False(probing.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.WaitAsync(Eventually.Patience));
    }

    [Fact]
    public async Task Of_a_huge_report_only_the_first_64_KiB_are_read()
    {
        const int length = 500_000_000;
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{\"serves\":[\"read\"],\"rest\":\"{new string('x', 200_000)}", holdOpen: true);

        var outcome = await Probe(server).WaitAsync(Eventually.Patience);

        Assert.Equal((ProbeResult.Good, StateClasses.All), (outcome.Result, outcome.Serves));
    }

    private Task<ProbeOutcome> Probe(RawServer server, ProbeOptions? options = null) =>
        prober.ProbeAsync(Some.Endpoint("a", $"http://127.0.0.1:{server.Port}"), options ?? new ProbeOptions(), CancellationToken.None);

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = RSA.Create(2048);
        var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
