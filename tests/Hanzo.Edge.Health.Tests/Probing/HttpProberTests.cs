using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.Tests.Support;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Probing;

public sealed class HttpProberTests : IDisposable
{
    private readonly HttpProber prober = new();

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
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Method_path_and_host_are_asked_as_configured()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        await Probe(server, new ProbeOptions { Method = "HEAD", Path = "/deep/ready?full=1", Host = "shop.example" });

        var request = Assert.Single(server.Requests);
        Assert.StartsWith("HEAD /deep/ready?full=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Host: shop.example\r\n", request, StringComparison.Ordinal);
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

        Assert.Equal(ProbeResult.Good, (await Probe(server).WaitAsync(TimeSpan.FromSeconds(10))).Result);
    }

    [Fact]
    public async Task A_report_that_never_ends_lasts_until_the_probe_is_called_off()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"serves\"", holdOpen: true);
        using var cancellation = new CancellationTokenSource();

        var probing = prober.ProbeAsync(Some.Endpoint("a", $"http://127.0.0.1:{server.Port}"), new ProbeOptions(), cancellation.Token);
        await server.Answered.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(probing.IsCompleted);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probing.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Of_a_huge_report_only_the_first_64_KiB_are_read()
    {
        const int length = 500_000_000;
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{{\"serves\":[\"read\"],\"rest\":\"{new string('x', 200_000)}", holdOpen: true);

        var outcome = await Probe(server).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((ProbeResult.Good, StateClasses.All), (outcome.Result, outcome.Serves));
    }

    private Task<ProbeOutcome> Probe(RawServer server, ProbeOptions? options = null) =>
        prober.ProbeAsync(Some.Endpoint("a", $"http://127.0.0.1:{server.Port}"), options ?? new ProbeOptions(), CancellationToken.None);

    /// <summary>A real listener on loopback that answers every request with the same bytes, right or wrong.</summary>
    private sealed class RawServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource stopping = new();
        private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<string> requests = [];
        private readonly Task accepting;
        private int connections;

        public RawServer(string answer, bool holdOpen = false, bool reset = false)
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            accepting = AcceptAsync(Encoding.UTF8.GetBytes(answer), holdOpen, reset);
        }

        public int Port { get; }

        public int Connections => Volatile.Read(ref connections);

        public Task Answered => answered.Task;

        public IReadOnlyList<string> Requests
        {
            get { lock (requests) return [.. requests]; }
        }

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            listener.Stop();
            await accepting;
            stopping.Dispose();
        }

        private async Task AcceptAsync(byte[] answer, bool holdOpen, bool reset)
        {
            List<Task> serving = [];
            try
            {
                while (true) serving.Add(ServeAsync(await listener.AcceptSocketAsync(stopping.Token), answer, holdOpen, reset));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                await Task.WhenAll(serving);
            }
        }

        private async Task ServeAsync(Socket socket, byte[] answer, bool holdOpen, bool reset)
        {
            Interlocked.Increment(ref connections);
            using (socket)
            {
                try
                {
                    var buffer = new byte[8192];
                    var length = await socket.ReceiveAsync(buffer, stopping.Token);
                    lock (requests) requests.Add(Encoding.ASCII.GetString(buffer, 0, length));
                    if (reset) socket.LingerState = new LingerOption(true, 0);
                    if (answer.Length > 0) await socket.SendAsync(answer, stopping.Token);
                    answered.TrySetResult();
                    if (holdOpen) await socket.ReceiveAsync(buffer, stopping.Token);
                }
                catch (Exception e) when (e is OperationCanceledException or SocketException)
                {
                    answered.TrySetResult();
                }
            }
        }
    }
}
