using System.Globalization;
using Hanzo.Peers.Regions;

// Carts, catalog and events of the nodes of a cluster, as the bars of docs/benchmarks.md ask for them.
// usage: Hanzo.Peers.Regions carts URL COUNT CLIENTS
//        Hanzo.Peers.Regions wan NODE-PROGRAM DIRECTORY STEADY-SECONDS CUT-SECONDS CHANGES TABLE FIGURES
var time = TimeProvider.System;
if (args is ["carts", var url, var count, var clients])
{
    var made = await new ManyCarts(new Uri(url), Number(count), Number(clients), time).Make();
    await Console.Out.WriteLineAsync(made);
    return 0;
}
if (args is ["wan", var program, var directory, var steady, var cut, var changes, var table, var figures])
{
    var run = new WanRun(program, directory, TimeSpan.FromSeconds(Number(steady)), TimeSpan.FromSeconds(Number(cut)), Number(changes), time);
    var readings = await run.Measure();
    await File.WriteAllTextAsync(table, readings.Table());
    await File.WriteAllTextAsync(figures, readings.Figures());
    return readings.IsHeld ? 0 : 1;
}
return 2;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
