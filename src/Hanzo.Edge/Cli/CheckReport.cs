using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Checks;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Cli;

/// <summary>What `hanzo-edge check -o json` answers.</summary>
internal sealed partial record CheckReport(
    string File,
    bool Ok,
    string? Hash,
    IEnumerable<CheckReport.ProblemLine> Problems,
    string? Edge,
    IEnumerable<string>? Listen,
    string? Admin,
    IEnumerable<CheckReport.RegionLine>? Regions,
    IEnumerable<string>? Routes,
    CheckReport.FailoverPlan? Failover)
{
    private static readonly CheckJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>What was found in <paramref name="file"/>, and what would run if nothing is wrong with it.</summary>
    public static CheckReport Of(ConfigurationResult result, string file) => new(
        file,
        Ok: result.Configuration is not null,
        result.Configuration?.Version.Hash,
        result.Problems.Select(problem => new ProblemLine(
            problem.Severity == Severity.Error ? "error" : "warning", problem.At.Line, problem.At.Column, problem.Message, problem.Fix)),
        result.Configuration?.Name,
        result.Configuration?.Listen.Select(listen => listen.Address.ToString()),
        result.Configuration?.Admin.ToString(),
        result.Configuration?.Topology.Regions.Select(region => new RegionLine(
            region.Name, region.Endpoints.Select(endpoint => endpoint.Address.GetLeftPart(UriPartial.Authority)), region.Drained)),
        result.Configuration?.Routes.Select(route => route.Route.RouteId),
        result.Configuration is not { Failover: var plan } ? null : new FailoverPlan(plan.Requests.Select(Of), plan.Dns.Select(Of)));

    /// <summary>As JSON that people read.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Readable.CheckReport);

    private static FailoverSum Of(FailoverLine line) => new(
        line.Name,
        line.Budget.Worst.TotalMilliseconds,
        line.Budget.Bound?.TotalMilliseconds,
        line.Budget.Rows.Select(row => new FailoverTerm(row.Name, row.Share.TotalMilliseconds)));

    internal sealed record ProblemLine(string Severity, int Line, int Column, string Message, string? Fix);

    internal sealed record RegionLine(string Name, IEnumerable<string> Endpoints, bool Drained);

    internal sealed record FailoverPlan(IEnumerable<FailoverSum> Requests, IEnumerable<FailoverSum> Dns);

    internal sealed record FailoverSum(string Name, double WorstMs, double? BoundMs, IEnumerable<FailoverTerm> Terms);

    internal sealed record FailoverTerm(string Name, double Ms);

    [JsonSerializable(typeof(CheckReport))]
    private sealed partial class CheckJson : JsonSerializerContext;
}
