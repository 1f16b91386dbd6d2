using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hanzo.Drills.Worlds;

/// <summary>The admin address of a running edge.</summary>
/// <param name="token">Sent as a bearer token, for what stands before the admin address; null where nothing does.</param>
/// <param name="way">How it is reached; null is the network.</param>
internal sealed class EdgeAdmin(Uri edge, string? token, HttpMessageHandler? way = null) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _client = new(way ?? new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = edge,
        Timeout = TimeSpan.FromSeconds(5),
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    public void Dispose() => _client.Dispose();

    /// <summary>What is observed and what is forced.</summary>
    /// <exception cref="HttpRequestException">The edge does not answer.</exception>
    public async Task<EdgeRegions> Regions(CancellationToken cancellation) =>
        await _client.GetFromJsonAsync<EdgeRegions>("/regions", cancellation) ?? throw new HttpRequestException("the edge answered nothing");

    /// <summary>Waits until the edge sees all these regions up. Null when it does, else which it does not.</summary>
    public async Task<string?> Sees(IEnumerable<string> regions, TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            string? unseen;
            try
            {
                var up = (await Regions(cancellation)).Regions.Where(region => region.Observed == "up").Select(region => region.Name);
                unseen = regions.Except(up).ToList() is { Count: > 0 } missing ? $"does not see {string.Join(", ", missing)} up" : null;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                unseen = $"does not say what it sees: {problem.Message}";
            }
            if (unseen is null)
                return null;
            if (time.GetElapsedTime(start) > within)
                return $"{unseen} after {within.TotalSeconds:0} s";
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Forces a region, or gives it back with the kind "none". Null when it was done, else the rule that refused it.</summary>
    public async Task<string?> Override(string region, string kind, string reason, string by, TimeSpan time, CancellationToken cancellation)
    {
        using var response = await _client.PostAsJsonAsync("/overrides", new { regions = region, kind, reason, by, forSeconds = time.TotalSeconds }, cancellation);
        if (response.IsSuccessStatusCode)
            return null;
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
        var detail = problem.RootElement.TryGetProperty("detail", out var text) ? text.GetString() : null;
        return response.StatusCode == HttpStatusCode.Conflict && detail is not null ? detail : throw new HttpRequestException($"status {(int)response.StatusCode}: {detail}");
    }

    /// <summary>How many requests it has answered so far.</summary>
    public async Task<EdgeTraffic> Traffic(CancellationToken cancellation) => EdgeTraffic.Of(await _client.GetStringAsync("/metrics", cancellation));
}

/// <summary>What GET /regions answers, as far as it is needed here.</summary>
internal sealed record EdgeRegions(ImmutableArray<EdgeRegion> Regions, ImmutableArray<EdgeOverride> Overrides);

internal sealed record EdgeRegion(string Name, string Observed, string Forced, bool DrainedByConfiguration)
{
    public bool IsUp => Observed == "up" && Forced is "none" or "force-up" && !DrainedByConfiguration;
}

internal sealed record EdgeOverride(string Region, string Kind, string Reason, string By);

/// <summary>Counters of a metrics page.</summary>
/// <param name="ByRegion">Requests answered by each region.</param>
/// <param name="Failed">Those with a status of 500 and above.</param>
internal sealed record EdgeTraffic(ImmutableDictionary<string, double> ByRegion, double Failed)
{
    public double Requests => ByRegion.Values.Sum();

    public static EdgeTraffic Of(string page)
    {
        var (regions, failed) = (new Dictionary<string, double>(), 0.0);
        foreach (var line in page.Split('\n').Where(line => line.StartsWith("hanzo_edge_requests_total{", StringComparison.Ordinal)))
        {
            var value = double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            var region = Label(line, "region");
            regions[region] = regions.GetValueOrDefault(region) + value;
            failed += Label(line, "code") == "5xx" ? value : 0;
        }
        return new EdgeTraffic(regions.ToImmutableDictionary(), failed);
    }

    private static string Label(string line, string name)
    {
        var from = line.IndexOf($"{name}=\"", StringComparison.Ordinal) + name.Length + 2;
        return line[from..line.IndexOf('"', from)];
    }
}
