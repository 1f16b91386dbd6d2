namespace Hanzo.Edge.Admin;

/// <summary>What <c>GET /regions</c> answers.</summary>
internal sealed record RegionsReport(
    long HealthVersion, bool KeptOverRestart, IEnumerable<RegionReport> Regions, VantageViewReport? Vantage, IEnumerable<OverrideReport> Overrides);

/// <summary>A region: what is observed, what is forced, and what it serves for both.</summary>
internal sealed record RegionReport(
    string Name, string Observed, string Forced, bool DrainedByConfiguration, IEnumerable<string> Serves, IEnumerable<EndpointReport> Endpoints);

/// <summary>An endpoint of a region.</summary>
internal sealed record EndpointReport(string Name, string Observed);

/// <summary>What the edges together see; null where an edge is alone.</summary>
internal sealed record VantageViewReport(bool HasQuorum, IEnumerable<string> Voters, IEnumerable<string> LostEdges, Dictionary<string, IEnumerable<string>> Withdrawn);

/// <summary>An override that holds.</summary>
internal sealed record OverrideReport(string Region, string Kind, string Reason, string By, DateTimeOffset Since, DateTimeOffset Until);
