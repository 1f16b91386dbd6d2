using System.Collections.Immutable;
using Hanzo.Drills.Traffic;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Checkers;

/// <summary>The first things to try in a running world.</summary>
internal static class Walk
{
    /// <summary>
    /// Clients whose place their operators publish (an AWS geofeed and two M-Lab sites), and the region next to each.
    /// </summary>
    private static readonly (string City, string Address, string Region)[] Clients =
    [
        ("London", "18.175.67.94", "eu-west"),
        ("Ashburn", "66.198.10.157", "us-east"),
        ("Singapore", "180.87.97.74", "ap-southeast"),
    ];

    /// <summary>The addresses that config/edge.yaml answers shop.edge.test with.</summary>
    private static readonly Dictionary<string, string> AddressOf = new()
    {
        ["us-east"] = "203.0.113.1",
        ["eu-west"] = "203.0.113.2",
        ["ap-southeast"] = "203.0.113.3",
    };

    /// <summary>The walk in the demo.</summary>
    public static IReadOnlyList<WalkStep> In(WorldPlan plan, Programs programs) => In(plan, programs, [.. Clients]);

    /// <summary>The walk in a declared world: its clients are the customers that live next to each region.</summary>
    public static IReadOnlyList<WalkStep> In(WorldPlan plan, Programs programs, ImmutableArray<DeclaredRegion> regions) =>
        In(plan, programs, [.. regions.Select(region =>
        {
            var neighbour = Customers.All.Where(customer => customer.IsIPv4).MinBy(customer => customer.KilometresTo(region.Latitude, region.Longitude))!;
            return (neighbour.Country, neighbour.Address, region.Name);
        })]);

    private static IReadOnlyList<WalkStep> In(WorldPlan plan, Programs programs, ImmutableArray<(string City, string Address, string Region)> clients) =>
    [
        .. clients.Select(client => new WalkStep(
            $"A client in {client.City} is answered by {client.Region}",
            $"curl -si -H 'X-Forwarded-For: {client.Address}' '{plan.EdgeUrl}/v1/products?limit=1'",
            ["HTTP/1.1 200", $"Hanzo-Region: {client.Region}", $"Hanzo-Node: {client.Region}-", "beanie-wool"])),
        new WalkStep(
            "The edge says why",
            $"{programs.EdgeCommand} explain --client {clients[0].Address} --admin {plan.AdminUrl}",
            [$"goes to {clients[0].Region}"]),
        .. plan.Edges[0].DnsPort is { } dns ? clients.Select(client => new WalkStep(
            $"DNS leads a client in {client.City} to {client.Region}",
            $"dig +short @127.0.0.1 -p {dns} shop.edge.test A +subnet={client.Address}/24",
            [AddressOf[client.Region]])) : [],
        new WalkStep(
            "The metrics have counted the requests",
            $"curl -s {plan.AdminUrl}/metrics | grep '^hanzo_edge_requests_total'",
            [.. clients.Select(client => $"region=\"{client.Region}\"")]),
    ];
}
