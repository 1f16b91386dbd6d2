using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hanzo.Drills.Tests.Practice;

/// <summary>The admin address of an edge with three regions, whose customers and operators do what a test says.</summary>
internal sealed class ScriptedEdge : HttpMessageHandler
{
    private int _requests;
    private int _failed;
    private int _byDrained;

    /// <summary>Requests between two looks at the metrics.</summary>
    public int Requests { get; set; } = 100;

    /// <summary>How many of them fail.</summary>
    public int Failed { get; set; }

    /// <summary>How many more the region of the practice answers although it is drained.</summary>
    public int ByDrained { get; set; }

    /// <summary>What is seen of us-east.</summary>
    public string OtherRegion { get; set; } = "up";

    /// <summary>Why the edge refuses overrides, or null.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether an answer comes at all.</summary>
    public bool Silent { get; set; }

    /// <summary>What happens when an override was made, before its answer.</summary>
    public Action? BeforeAnswer { get; set; }

    /// <summary>Who forces eu-west, and how.</summary>
    public (string Kind, string By)? Override { get; set; }

    /// <summary>The kinds of all overrides that were asked for.</summary>
    public List<string> Asked { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Silent)
            throw new HttpRequestException("connection refused");
        return request.RequestUri!.AbsolutePath switch
        {
            "/regions" => Answer(Regions()),
            "/metrics" => new HttpResponseMessage { Content = new StringContent(Metrics()) },
            _ => Force(JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken)).RootElement, cancellationToken),
        };
    }

    private static HttpResponseMessage Answer(object value, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = JsonContent.Create(value) };

    private object Regions() => new
    {
        regions = new[] { ("eu-west", "up"), ("us-east", OtherRegion), ("ap-southeast", "up") }
            .Select(region => new { name = region.Item1, observed = region.Item2, forced = "none", drainedByConfiguration = false }),
        overrides = Override is { } held ? new[] { new { region = "eu-west", kind = held.Kind, reason = "a test", by = held.By } } : [],
    };

    private string Metrics()
    {
        (_requests, _failed, _byDrained) = (_requests + Requests - Failed, _failed + Failed, _byDrained + ByDrained);
        return $$"""
            hanzo_edge_requests_total{region="us-east",code="2xx"} {{_requests}}
            hanzo_edge_requests_total{region="us-east",code="5xx"} {{_failed}}
            hanzo_edge_requests_total{region="eu-west",code="2xx"} {{_byDrained}}
            """;
    }

    private HttpResponseMessage Force(JsonElement order, CancellationToken cancellation)
    {
        var kind = order.GetProperty("kind").GetString()!;
        Asked.Add(kind);
        if (Refusal is not null)
            return Answer(new { detail = Refusal }, HttpStatusCode.Conflict);
        Override = kind == "none" ? null : (kind, order.GetProperty("by").GetString()!);
        BeforeAnswer?.Invoke();
        cancellation.ThrowIfCancellationRequested();
        return Answer(new { });
    }
}
