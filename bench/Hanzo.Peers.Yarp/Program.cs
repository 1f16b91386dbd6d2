using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;

// Plain YARP as its documentation starts one: the peer that the edge, built on it, is measured beside.
// usage: Hanzo.Peers.Yarp HTTP1-PORT HTTP2-PORT UPSTREAM...
var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders(); // no peer writes a log line a request
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, int.Parse(args[0]));
    kestrel.Listen(IPAddress.Loopback, int.Parse(args[1]), listen => listen.Protocols = HttpProtocols.Http2);
});
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "all", Match = new() { Path = "/{**rest}" } }],
    [
        new ClusterConfig
        {
            ClusterId = "all",
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = args.Skip(2).ToDictionary(address => address, address => new DestinationConfig { Address = address }),
        },
    ]);
var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();
