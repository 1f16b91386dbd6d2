using System.Net;
using StackExchange.Redis;

// Carts as a small shop keeps them: a hash in Redis for each cart, a field for each product. The peer of a node's carts,
// with Redis writing its log to the disk before it answers.
// usage: Hanzo.Peers.Redis PORT REDIS-PORT
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0])));
var app = builder.Build();
var carts = (await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{args[1]}")).GetDatabase();
app.MapGet("/livez", () => "alive");
app.MapPost("/v1/carts/{id}/lines", async (string id, HttpRequest request) =>
{
    var line = await request.ReadFromJsonAsync<Line>(request.HttpContext.RequestAborted);
    await carts.HashSetAsync(id, line.Product, line.Quantity);
    return Results.Json(line);
});
await app.RunAsync();

internal readonly record struct Line(string Product, int Quantity);
