using Hanzo.Peers.Failover;

// What the failover benchmark needs beside the proxies: regions that can be made to fail, and clients that come whatever happens.
// usage: Hanzo.Peers.Failover region PORT [FILE-OF-EXECUTED-ORDERS]
//        Hanzo.Peers.Failover load|orders URL REQUESTS-PER-SECOND CLIENTS SECONDS OUTPUT
if (args is ["region", var port, .. { Length: < 2 } file])
    await FailingRegion.RunAsync(int.Parse(port), file is [var executed] ? executed : null);
else if (args is [("load" or "orders") and var kind, var url, var rate, var clients, var seconds, var output])
    await new PacedLoad(new Uri(url), int.Parse(rate), int.Parse(clients), TimeSpan.FromSeconds(int.Parse(seconds)), kind == "orders").RunAsync(output);
else
    return 2;
return 0;
