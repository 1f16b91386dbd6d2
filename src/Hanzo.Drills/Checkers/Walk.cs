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
    /// <param name="pids">The process of each node, by its name.</param>
    public static IReadOnlyList<WalkStep> In(WorldPlan plan, Programs programs, IReadOnlyDictionary<string, int> pids) =>
        [.. In(plan, programs, [.. Clients]), .. Purchase(plan, pids)];

    /// <summary>The walk in a declared world: its clients are the customers that live next to each region.</summary>
    public static IReadOnlyList<WalkStep> In(WorldPlan plan, Programs programs, ImmutableArray<DeclaredRegion> regions) =>
        In(plan, programs, [.. regions.Select(region =>
        {
            var neighbour = Customers.All.Where(customer => customer.IsIPv4).MinBy(customer => customer.KilometresTo(region.Latitude, region.Longitude))!;
            return (neighbour.Country, neighbour.Address, region.Name);
        })]);

    /// <summary>The merchant's key in the demo.</summary>
    public const string DevelopmentKey = "hk_dev_demo";

    /// <summary>The node that leads the shard of <see cref="Sku"/> unless it was ended before.</summary>
    private const string Leader = "eu-west-1";

    private const string Sku = "MUG-ENAMEL-350";

    /// <summary>A purchase that the end of the leading node does not double.</summary>
    private static IReadOnlyList<WalkStep> Purchase(WorldPlan plan, IReadOnlyDictionary<string, int> pids)
    {
        var reserve = Order(plan, "POST", "/v1/reservations", $$"""{"items":[{"sku":"{{Sku}}","quantity":2}]}""", "walk-reserve");
        // The payment is made and its id taken from the answer, then it is authorized; each under a key, so all of it can be repeated.
        var payment = Order(plan, "POST", "/v1/payments", """{"amount":{"amount":3800,"currency":"EUR"},"payment_method":"pm_approve"}""", "walk-payment", show: "-s");
        var pay = $"pay=$({payment} | grep -o 'pay_[0-9a-f]*') && {Order(plan, "POST", "/v1/payments/$pay/authorize", body: null, "walk-pay")}";
        return
        [
            new WalkStep("The shop puts 20 mugs in stock", Order(plan, "PUT", $"/v1/inventory/{Sku}", """{"on_hand":20}""", key: null), ["HTTP/1.1 20", "\"on_hand\":20"]),
            new WalkStep("A client reserves two", reserve, ["HTTP/1.1 201", "\"status\":\"held\""]),
            new WalkStep("and pays for them", pay, ["HTTP/1.1 200", "\"status\":\"authorized\""]),
            new WalkStep("The node that leads their shard dies", $"kill -9 {pids[Leader]}", []) { Ends = Leader },
            new WalkStep("The same reservation again is the same one", reserve, ["HTTP/1.1 201", "Idempotency-Replayed: true", "\"status\":\"held\""]),
            new WalkStep("and the same payment is made once", pay, ["HTTP/1.1 200", "Idempotency-Replayed: true", "\"status\":\"authorized\""]),
        ];
    }

    private static string Order(WorldPlan plan, string method, string path, string? body, string? key, string show = "-si") =>
        $"curl {show} --retry 5 -X {method} -H 'Authorization: Bearer {DevelopmentKey}' {(key is null ? "" : $"-H 'Idempotency-Key: {key}' ")}{(body is null ? "" : $"-H 'Content-Type: application/json' -d '{body}' ")}\"{plan.EdgeUrl}{path}\"";

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
