using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>Rules that do what they say and surprise all the same.</summary>
internal static class SteeringChecks
{
    public static void Tell(EdgeFile file, ProblemList problems)
    {
        TellTwice(file, problems);
        if (problems.Errors > 0)
            return;
        TellUnserved(file, problems);
        TellUnused(file, problems);
        if (file.Regions.All(region => region.Value.Region.Drained))
            problems.Warn(file.Regions[0].NameAt, "regions: every region is drained; no request will be served", "take `drained: true` away where requests may go");
    }

    private static void TellTwice(EdgeFile file, ProblemList problems)
    {
        foreach (var same in file.Steering.Networks.GroupBy(rule => rule.Value.Network))
        {
            foreach (var again in same.Skip(1))
                problems.Error(again.At, $"{again.Subject}: the network {same.Key} already has a rule, on line {same.First().At.Line}", "put both in one rule");
        }
    }

    /// <summary>Residency rules are obeyed together, so two harmless ones can leave nothing: it is told at the rule that takes the last region.</summary>
    private static void TellUnserved(EdgeFile file, ProblemList problems)
    {
        var usable = file.Regions.Where(region => !region.Value.Region.Drained).Select(region => region.Name).ToImmutableArray();
        var told = new HashSet<Position>();
        foreach (var (place, who) in PlacesNamed(file.Steering))
        {
            var left = usable;
            foreach (var rule in file.Steering.Residency.Where(rule => rule.Value.Area.Covers(place)))
            {
                left = [.. left.Where(rule.Value.Allowed.Contains)];
                if (left.IsEmpty && told.Add(rule.At))
                    problems.Warn(rule.At, $"{rule.Subject}: {who} have no region left; all their requests are refused", "allow one more region that is not drained, or leave it so if that is meant");
                if (left.IsEmpty)
                    break;
            }
        }
        foreach (var rule in file.Steering.Networks.Where(rule => !usable.Any(rule.Value.Allowed.Contains)))
            problems.Warn(rule.At, $"{rule.Subject}: clients in {rule.Value.Network} have no region left; all their requests are refused", "allow one more region that is not drained, or leave it so if that is meant");
    }

    /// <summary>A rule for everyone may shut a region out for good.</summary>
    private static void TellUnused(EdgeFile file, ProblemList problems)
    {
        foreach (var region in file.Regions)
        {
            var shut = file.Steering.Residency.FirstOrDefault(rule => rule.Value.Area is { Countries.IsEmpty: true, Continents.IsEmpty: true } && !rule.Value.Allowed.Contains(region.Name));
            if (shut is not null)
                problems.Warn(region.NameAt, $"regions.{region.Name}: no client may use it: {shut.Subject}, on line {shut.At.Line}, is for everyone", "name countries or continents in that rule, or take the region away");
        }
    }

    private static IEnumerable<(Place Place, string Who)> PlacesNamed(SteeringRules rules)
    {
        var areas = rules.Residency.Select(rule => rule.Value.Area).ToList();
        yield return (Place.Nowhere, "clients");
        foreach (var country in areas.SelectMany(area => area.Countries).Distinct())
            yield return (new Place(country, null, null), $"clients in {country}");
        foreach (var continent in areas.SelectMany(area => area.Continents).Distinct())
            yield return (new Place(null, continent, null), $"clients in {continent}");
    }
}
