using Hanzo.Peers.Failover;

// What the failover benchmark needs beside the proxies: regions that can be made to fail, and clients that come whatever happens.
// usage: Hanzo.Peers.Failover region PORT
//        Hanzo.Peers.Failover load URL REQUESTS-PER-SECOND CLIENTS SECONDS OUTPUT
if (args is ["region", var port])
    await FailingRegion.RunAsync(int.Parse(port));
else if (args is ["load", var url, var rate, var clients, var seconds, var output])
    await PacedLoad.RunAsync(new Uri(url), int.Parse(rate), int.Parse(clients), TimeSpan.FromSeconds(int.Parse(seconds)), output);
else
    return 2;
return 0;
