using System.Globalization;
using Hanzo.Peers.Consensus;

// The clients of the consensus benchmark: the same loop and the same kind of connection for a commerce node and for etcd.
// usage: Hanzo.Peers.Consensus stock URL API-KEY SKUS
//        Hanzo.Peers.Consensus reserve URL,... API-KEY SKUS CLIENTS RATE WARM-SECONDS SECONDS
//        Hanzo.Peers.Consensus put URL,... VALUE-SIZE KEYS CLIENTS-A-CHANNEL CLIENTS RATE WARM-SECONDS SECONDS
// Prints done, failed, a second, p50, p99 and slowest in milliseconds, with tabs between.
var time = TimeProvider.System;
const int Seed = 1;
if (args is ["stock", var node, var merchantKey, var howMany])
{
    using var connection = new Reservations(new Uri(node), merchantKey, 0, [], new Random(Seed));
    foreach (var sku in Skus(int.Parse(howMany, CultureInfo.InvariantCulture)))
    {
        if (!await connection.Stock(sku))
        {
            await Console.Error.WriteLineAsync($"{sku} could not be stocked: {connection.LastRefusal}");
            return 1;
        }
    }
    return 0;
}
if (args is ["reserve", var nodes, var apiKey, var skuCount, var count, var rate, var warm, var lasts])
{
    var (urls, skus) = (nodes.Split(','), Skus(int.Parse(skuCount, CultureInfo.InvariantCulture)));
    var clients = Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture))
        .Select(number => new Reservations(new Uri(urls[number % urls.Length]), apiKey, number, skus, new Random(Seed + number))).ToList();
    await Tell(clients, rate, warm, lasts);
    foreach (var refusal in clients.Select(client => client.LastRefusal).Where(refusal => refusal.Length > 0).Take(1))
        await Console.Error.WriteLineAsync(refusal);
    return 0;
}
if (args is ["put", var servers, var valueSize, var keys, var perChannel, var putters, var putRate, var putWarm, var putLasts])
{
    var (urls, share, number) = (servers.Split(','), int.Parse(perChannel, CultureInfo.InvariantCulture), int.Parse(putters, CultureInfo.InvariantCulture));
    var channels = new List<GrpcChannel>();
    for (var channel = 0; channel < Math.Max(urls.Length, (number + share - 1) / share) && channel < number; channel++)
        channels.Add(await GrpcChannel.Connect(new Uri(urls[channel % urls.Length]), "/etcdserverpb.KV/Put"));
    await Tell([.. Enumerable.Range(0, number).Select(client =>
        new Puts(channels[client % channels.Count], client, int.Parse(keys, CultureInfo.InvariantCulture), int.Parse(valueSize, CultureInfo.InvariantCulture), new Random(Seed + client)))], putRate, putWarm, putLasts);
    foreach (var channel in channels)
        channel.Dispose();
    return 0;
}
return 2;

async Task Tell(IReadOnlyList<IConnection> clients, string rate, string warm, string lasts)
{
    var load = new Load(clients, double.Parse(rate, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(warm, CultureInfo.InvariantCulture)), TimeSpan.FromSeconds(int.Parse(lasts, CultureInfo.InvariantCulture)), time);
    await Console.Out.WriteLineAsync((await load.Run()).ToString());
    foreach (var client in clients)
        client.Dispose();
}

static string[] Skus(int count) => [.. Enumerable.Range(0, count).Select(number => $"BENCH-{number}")];
