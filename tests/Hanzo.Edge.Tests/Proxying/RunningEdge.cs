using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Health;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;
using Hanzo.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Tests.Proxying;

/// <summary>The real edge in the test's process, on free ports. Clients in 203.0.113.0/24 are in London, all others in Ashburn.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    public const string ClientInLondon = "203.0.113.7";
    public const string ClientInAshburn = "198.51.100.7";

    private readonly ServiceProvider services;

    private RunningEdge(ServiceProvider services, EdgeHost host)
    {
        this.services = services;
        Host = host;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = host.Addresses[0] };
    }

    public EdgeHost Host { get; }

    /// <summary>Where clients connect.</summary>
    public Uri Address => Host.Addresses[0];

    /// <summary>A client without a proxy before it.</summary>
    public HttpClient Client { get; }

    /// <summary>A topology of two regions, each of one endpoint.</summary>
    public static Topology Topology(Uri usEast, Uri euWest, long version = 1, SteeringPolicy? policy = null) => new(version,
        [
            new Region { Name = "us-east", Location = Cities.Location("ashburn"), Endpoints = [new RegionEndpoint("us-1", usEast)] },
            new Region { Name = "eu-west", Location = Cities.Location("dublin"), Endpoints = [new RegionEndpoint("eu-1", euWest)] },
        ],
        policy ?? new SteeringPolicy
        {
            DefaultPlace = Cities.Place("ashburn"),
            Networks = [new NetworkRule { Network = IPNetwork.Parse("203.0.113.0/24"), Place = Cities.Place("london") }],
        });

    /// <summary>A configuration that trusts loopback peers and forwards everything.</summary>
    public static EdgeConfiguration Configured(Topology topology, EdgeRoute? route = null, bool trustsLoopback = true) => new()
    {
        Name = "edge-1",
        Listen = [new ListenOptions { Address = new IPEndPoint(IPAddress.Loopback, 0) }],
        Admin = new IPEndPoint(IPAddress.Loopback, 0),
        Clients = new ClientOptions { TrustedProxies = trustsLoopback ? [IPNetwork.Parse("127.0.0.0/8")] : [] },
        Geo = new GeoOptions { Database = "none" },
        Topology = topology,
        // Who is down here refuses connections: a slow answer is a busy machine's.
        Health = new HealthOptions { Probe = new ProbeOptions { Interval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(30), Fall = 2, Rise = 1 } },
        Routes = [route ?? Route()],
        Drain = new DrainOptions(TimeSpan.Zero, TimeSpan.FromSeconds(10)),
    };

    /// <summary>For what is not about time: a busy machine takes longer than the default allows an endpoint.</summary>
    public static AttemptOptions Patient { get; } = new() { Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>A route that takes every path, and is patient.</summary>
    public static EdgeRoute Route(params IReadOnlyDictionary<string, string>[] transforms) =>
        new() { Attempts = Patient, Route = new RouteConfig { RouteId = "all", Match = new RouteMatch { Path = "/{**rest}" }, Transforms = transforms } };

    public static async Task<RunningEdge> Start(EdgeConfiguration configuration)
    {
        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var board = new HealthBoard(TimeProvider.System, new Random(1), meters, NullLogger<HealthBoard>.Instance);
        var state = new EdgeState(board, meters, TimeProvider.System, seed: 1);
        var host = new EdgeHost(state, configuration, new PlaceTable(), NullLogger<EdgeHost>.Instance);
        await host.StartAsync(CancellationToken.None);
        return new RunningEdge(services, host);
    }

    /// <summary>Asks as a client at <paramref name="client"/>, through a proxy that says so.</summary>
    public Task<HttpResponseMessage> Ask(string path = "/", string? client = null, Action<HttpRequestMessage>? also = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (client is not null) request.Headers.Add("X-Forwarded-For", client);
        also?.Invoke(request);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Sends the head as it is written; after a 100 also the body, as a client that was told to go on. Reads the answer's head, or all until the edge closes.</summary>
    public async Task<string> Raw(string head, string? body = null, bool untilClosed = false)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (untilClosed || !(body is null ? answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) : answer.ToString().Contains(body, StringComparison.Ordinal)))
        {
            var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(Eventually.Patience);
            if (read == 0) break;
            var before = answer.Length;
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (before == 0 && body is not null) await stream.WriteAsync(Encoding.ASCII.GetBytes(body));
        }
        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.StopAsync(new CancellationToken(canceled: true));
        await Host.DisposeAsync();
        await services.DisposeAsync();
    }
}
