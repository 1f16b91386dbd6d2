using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Sections;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>An address and a name stand for one endpoint in one region: health and metrics are kept by them.</summary>
internal static class EndpointChecks
{
    public static void Tell(EdgeFile file, ProblemList problems)
    {
        var endpoints = file.Regions
            .SelectMany(region => region.Value.Endpoints.Select(endpoint => (Region: region.Name, Endpoint: endpoint)))
            .ToList();
        foreach (var same in endpoints.GroupBy(one => one.Endpoint.Value.Address))
        {
            foreach (var (_, again) in same.Skip(1))
                problems.Error(again.At, $"{again.Subject}: the address is already an endpoint of '{same.First().Region}', on line {same.First().Endpoint.At.Line}", "one address is one endpoint; take it away in one of the places");
        }
        foreach (var same in endpoints.DistinctBy(one => one.Endpoint.Value.Address).GroupBy(one => one.Endpoint.Value.Name))
        {
            foreach (var (_, again) in same.Skip(1))
                problems.Error(again.At, $"{again.Subject}: the name is already that of an endpoint of '{same.First().Region}', on line {same.First().Endpoint.At.Line}", "give it another name");
        }
        foreach (var same in file.Regions.SelectMany(region => region.Value.Sources).GroupBy(source => (source.Value.Name.ToLowerInvariant(), source.Value.Type, source.Value.Port)))
        {
            foreach (var again in same.Skip(1))
                problems.Error(again.At, $"{again.Subject}: the name is already looked up, on line {same.First().At.Line}", "an endpoint belongs to one region; take it away in one of the places");
        }
    }
}
