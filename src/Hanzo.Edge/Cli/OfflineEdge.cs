using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Dns;
using Hanzo.Edge.Explaining;
using Hanzo.Edge.Location;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Cli;

/// <summary>Explains from a configuration file alone: its location database, its rules, and every region taken as healthy.</summary>
internal sealed class OfflineEdge(ConfigurationReader reader, string file) : IExplainingEdge
{
    private ExplainDesk? desk;

    public async Task<string> ExplainAsync(IPAddress client, ExplainQuestion question, CancellationToken cancellation)
    {
        var (explainer, route) = await AskAsync(question, cancellation);
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) explainer.Write(json, client, route);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public async Task ExplainAsync(Stream addresses, Stream answers, ExplainQuestion question, CancellationToken cancellation)
    {
        var (explainer, route) = await AskAsync(question, cancellation);
        await AddressFile.ExplainAsync(addresses, answers, explainer, route, cancellation);
    }

    public Task<string> ExplainDnsAsync(DnsQuestion question, CancellationToken cancellation)
    {
        var snapshot = Load();
        using var metrics = new DnsMetrics();
        var answers = snapshot.Configuration.Dns is { } dns ? EdgeAnswers.Prepare(snapshot, dns, metrics, TimeProvider.System) : null;
        var (json, wrong) = DnsExplainer.Explain(answers, question);
        return Task.FromResult(json ?? throw new ExplainFailure(ExitCode.Failed, $"{file}: {wrong}"));
    }

    public ValueTask DisposeAsync() => desk?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<(Explainer, EdgeRoute)> AskAsync(ExplainQuestion question, CancellationToken cancellation)
    {
        if (desk is null)
        {
            var snapshot = Load();
            desk = new ExplainDesk(() => snapshot);
        }
        var (answer, wrong) = await desk.AskAsync(question, cancellation);
        return answer ?? throw new ExplainFailure(ExitCode.Failed, $"{file}: {wrong}");
    }

    private EdgeSnapshot Load()
    {
        var result = reader.ReadFile(file);
        if (result.Configuration is not { } configuration)
        {
            using var problems = new StringWriter();
            ProblemReport.Write(result, file, problems);
            throw new ExplainFailure(ExitCode.BadConfiguration, $"{file} is refused.{Environment.NewLine}{problems}".TrimEnd());
        }
        if (!GeoVersion.TryLoad(configuration.Geo, TimeProvider.System, out var located, out var fault))
            throw new ExplainFailure(ExitCode.BadConfiguration, $"geo.database {fault}");
        var places = located.Table;
        return new EdgeSnapshot(configuration, new SteeringWorld(HealthSnapshot.AllUp(configuration.Topology), places.Places), places);
    }
}
