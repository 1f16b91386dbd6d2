using System.Collections.Immutable;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Vantage;

/// <summary>
/// What the vantage points see together: what DNS answers go by. One edge that cannot reach a region says nothing of
/// whether clients can, so a state class of a region is withdrawn only by more than half of the vantage points that are
/// heard and do not distrust themselves; a tie stays in. Where fewer than half of all vantage points are heard, nothing is
/// withdrawn: then it is this edge that is cut off. Limits: a region that vantage points name differently is a different region.
/// </summary>
/// <param name="Voters">The vantage points that count, by name.</param>
/// <param name="HasQuorum">Whether enough of all vantage points are heard to withdraw anything.</param>
/// <param name="Withdrawn">Region name → the state classes withdrawn there; a region with none is not named.</param>
/// <param name="LostEdges">The edges that more than half of the others no longer hear, and those that say themselves that they take no clients.</param>
public sealed record VantageView(ImmutableSortedSet<string> Voters, bool HasQuorum, ImmutableSortedDictionary<string, StateClasses> Withdrawn, ImmutableSortedSet<string> LostEdges)
{
    private static readonly ImmutableArray<StateClasses> Classes = [StateClasses.Read, StateClasses.LocalWrite, StateClasses.Consensus];

    /// <summary>The edges whose last report is overdue here: they may soon be lost.</summary>
    public ImmutableSortedSet<string> LateEdges { get; init; } = [];

    /// <summary>Counts the votes. Pure.</summary>
    /// <param name="own">What this edge sees.</param>
    /// <param name="heard">The reports of the others that are recent enough to count.</param>
    /// <param name="all">The names of all other vantage points, heard or not.</param>
    public static VantageView Of(VantageReport own, IReadOnlyCollection<VantageReport> heard, IReadOnlyCollection<string> all)
    {
        List<VantageReport> voters = [.. heard.Append(own).Where(report => !report.DistrustsItself)];
        var hasQuorum = (heard.Count + 1) * 2 >= all.Count + 1;
        var withdrawn = hasQuorum
            ? own.Regions.Keys.Select(region => (Region: region, Classes: WithdrawnOf(region, voters))).Where(one => one.Classes != StateClasses.None)
            : [];
        var lost = hasQuorum ? all.Where(edge => IsLost(edge, [.. heard.Append(own).Where(report => report.Edge != edge)])) : [];
        // Of itself an edge knows best; there is nothing to vote on.
        var closed = heard.Append(own).Where(report => !report.TakesClients).Select(report => report.Edge);
        return new VantageView(
            [.. voters.Select(report => report.Edge)],
            hasQuorum,
            withdrawn.ToImmutableSortedDictionary(one => one.Region, one => one.Classes, StringComparer.Ordinal),
            [.. lost, .. closed]);
    }

    /// <summary>The same observations with what is withdrawn put in the place of what this edge alone sees; overrides stay.</summary>
    public HealthSnapshot Over(HealthSnapshot own) => new(own.Version, own.Topology, [.. own.Regions.Select((region, i) => Over(own.Topology.Regions[i].Name, region))]);

    /// <summary>Whether <paramref name="other"/> says the same.</summary>
    public bool Equals(VantageView? other) =>
        other is not null && HasQuorum == other.HasQuorum && Voters.SetEquals(other.Voters) && LostEdges.SetEquals(other.LostEdges) && LateEdges.SetEquals(other.LateEdges) && Withdrawn.SequenceEqual(other.Withdrawn);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(HasQuorum, Voters.Count, Withdrawn.Count, LostEdges.Count);

    private RegionHealth Over(string name, RegionHealth region)
    {
        // Not looked at yet here: the others' eyes do not make this edge's own first round.
        if (region.Observed == HealthState.Unknown) return region;
        var serves = StateClasses.All & ~Withdrawn.GetValueOrDefault(name);
        return region with { Observed = serves == StateClasses.None ? HealthState.Down : HealthState.Up, Serves = serves };
    }

    private static StateClasses WithdrawnOf(string region, List<VantageReport> voters)
    {
        // Who does not know the region, or has not looked yet, has no vote on it.
        List<RegionSight> sights = [.. voters.Where(voter => voter.Regions.ContainsKey(region)).Select(voter => voter.Regions[region]).Where(sight => sight.State != HealthState.Unknown)];
        return Classes.Where(one => sights.Count(sight => (sight.Usable & one) == 0) * 2 > sights.Count).Aggregate(StateClasses.None, (all, one) => all | one);
    }

    private static bool IsLost(string edge, List<VantageReport> others) => others.Count(report => !report.Hears.Contains(edge)) * 2 > others.Count;
}
