using System.Globalization;
using System.Net;
using System.Text.Json;
using Hanzo.Edge.Admin;
using Hanzo.Edge.Explaining;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Cli;

/// <summary>Asks a running edge through its admin address.</summary>
internal sealed class RunningEdge(Uri admin) : IExplainingEdge
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        BaseAddress = admin,
        Timeout = Timeout.InfiniteTimeSpan, // a file of addresses takes as long as it takes
    };

    public async Task<string> ExplainAsync(IPAddress client, ExplainQuestion question, CancellationToken cancellation)
    {
        using var response = await AskAsync(new(HttpMethod.Get, $"/explain?client={client}&{Query(question)}"), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    public async Task ExplainAsync(Stream addresses, Stream answers, ExplainQuestion question, CancellationToken cancellation)
    {
        using var response = await AskAsync(new(HttpMethod.Post, $"/explain?{Query(question)}") { Content = new StreamContent(addresses) }, cancellation);
        await response.Content.CopyToAsync(answers, cancellation);
    }

    public async Task<string> ExplainDnsAsync(DnsQuestion question, CancellationToken cancellation)
    {
        var client = question.IsSubnet ? $"ecs={question.Client}" : $"client={question.Client.BaseAddress}";
        using var response = await AskAsync(new(HttpMethod.Get, $"/explain/dns?name={Uri.EscapeDataString(question.Name)}&{client}"), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>The receipt of the request <paramref name="id"/> as a JSON object.</summary>
    /// <exception cref="ExplainFailure">There is none, or no answer; the message says why.</exception>
    public async Task<string> ReceiptAsync(string id, CancellationToken cancellation)
    {
        using var response = await AskAsync(new(HttpMethod.Get, $"/receipts/{Uri.EscapeDataString(id)}"), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>The receipt of the last request that <paramref name="client"/> had ended at <paramref name="time"/>.</summary>
    /// <exception cref="ExplainFailure">There is none, or no answer; the message says why.</exception>
    public async Task<string> ReceiptAsync(IPAddress client, DateTimeOffset time, CancellationToken cancellation)
    {
        using var response = await AskAsync(new(HttpMethod.Get, $"/receipts?client={client}&until={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}&limit=1"), cancellation);
        using var found = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
        return found.RootElement.GetProperty("receipts") is { } receipts && receipts.GetArrayLength() > 0
            ? receipts[0].GetRawText()
            : throw new ExplainFailure(ExitCode.Failed, $"no receipt of {client} from {time:O} or before is kept: the edge keeps the newest {found.RootElement.GetProperty("capacity")}.");
    }

    /// <summary>What is observed of every region and what is forced, as a JSON object.</summary>
    /// <exception cref="ExplainFailure">There is no answer; the message says why.</exception>
    public async Task<string> RegionsAsync(CancellationToken cancellation)
    {
        using var response = await AskAsync(new(HttpMethod.Get, "/regions"), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>When the edge took the configuration that it runs on.</summary>
    /// <exception cref="ExplainFailure">There is no answer; the message says why.</exception>
    public async Task<DateTimeOffset> ConfiguredAtAsync(CancellationToken cancellation)
    {
        const string Series = "hanzo_edge_config_last_reload_success_timestamp_seconds ";
        using var response = await AskAsync(new(HttpMethod.Get, "/metrics"), cancellation);
        var page = await response.Content.ReadAsStringAsync(cancellation);
        return page.Split('\n').FirstOrDefault(line => line.StartsWith(Series, StringComparison.Ordinal)) is { } line
            ? DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(line.AsSpan(Series.Length), CultureInfo.InvariantCulture))
            : throw new ExplainFailure(ExitCode.Failed, $"{admin} does not say since when its configuration holds.");
    }

    /// <summary>Drains or forces regions; answers as <see cref="RegionsAsync"/>.</summary>
    /// <exception cref="ExplainFailure">The order is refused, or there is no answer; the message says why.</exception>
    public async Task<string> OverrideAsync(OverrideOrder order, CancellationToken cancellation)
    {
        var body = new RegionEndpoints.OverrideBody(order.Regions, order.Kind.Code(), order.Reason, order.By, order.For.TotalSeconds, order.Anyway);
        using var response = await AskAsync(new(HttpMethod.Post, "/overrides") { Content = JsonContent.Create(body, AdminJson.Default.OverrideBody) }, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new ExplainFailure(ExitCode.NotReachable, $"no edge answers at {admin}: {error.Message} Is it running? --admin URL names another, --config FILE asks a file instead.");
        }
        if (response.IsSuccessStatusCode) return response;
        using (response)
            throw new ExplainFailure(ExitCode.Failed, DetailOf(await response.Content.ReadAsStringAsync(cancellation)) ?? $"{admin} answered {(int)response.StatusCode}.");
    }

    private static string? DetailOf(string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            return json.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // whatever answers there is no edge
        }
    }

    private static string Query(ExplainQuestion question)
    {
        var query = $"method={Uri.EscapeDataString(question.Method)}";
        if (question.Host is { } host) query += $"&host={Uri.EscapeDataString(host)}";
        if (question.Path is { } path) query += $"&path={Uri.EscapeDataString(path)}";
        foreach (var supposition in question.WhatIf) query += $"&whatIf={Uri.EscapeDataString(supposition)}";
        return query;
    }
}
