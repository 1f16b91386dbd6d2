using System.Collections.Immutable;
using System.Net;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests.Laws;

/// <summary>A world and a question about it.</summary>
internal sealed record Case(
    Topology Topology,
    ImmutableArray<Place> Places,
    HealthSnapshot Health,
    MeasuredLatency? Measured,
    IPAddress Client,
    SteeringQuestion Question)
{
    /// <summary>Where the client is taken to be.</summary>
    public Place Place =>
        Reference.MatchingNetworks(this).Select(network => network.Place).FirstOrDefault(place => place is not null)
        ?? (Question.Place == Place.Unknown ? Topology.Policy.DefaultPlace : Places[Question.Place]);

    /// <summary>Decides, and keeps the answer.</summary>
    public Answer Decide()
    {
        var world = new SteeringWorld(Health, Places, Measured);
        var question = Question with { Network = world.Networks.Find(ClientKey.Of(Client)) };
        var decision = world.Decide(question, new Candidate[Topology.MaxRegions]);
        return new([.. decision.All], decision.Eligible.Length, decision.FailedOpen);
    }

    /// <summary>The same question of a world with other regions; their health and fullness go along by name.</summary>
    public Case With(ImmutableArray<Region> regions, RegionHealth newcomers, SteeringPolicy? policy = null)
    {
        var topology = Some.Topology(policy ?? Topology.Policy, regions);
        var old = regions.Select(region => Topology.IndexOf(region.Name)).ToList();
        return this with
        {
            Topology = topology,
            Health = new(Health.Version, topology, [.. old.Select(index => index < 0 ? newcomers : Health.Regions[index])]),
            Question = Question with { First = Question.First < 0 ? -1 : old.IndexOf(Question.First), Full = old.Index().Where(r => r.Item >= 0 && (Question.Full >> r.Item & 1) == 1).Aggregate(0UL, (full, r) => full | (1UL << r.Index)) },
        };
    }

    /// <summary>The same question after <paramref name="region"/> has another health.</summary>
    public Case With(int region, RegionHealth health) => this with { Health = new(Health.Version, Topology, Health.Regions.SetItem(region, health)) };

    /// <summary>What a failing law prints.</summary>
    public override string ToString() => $"""
        regions   {string.Join("; ", Topology.Regions.Select(region => $"{region.Name} weight {region.Weight}{(region.Drained ? " drained" : "")}"))}
        health    {string.Join("; ", Health.Regions.Select(region => $"{region.Observed} {region.Override} serves {region.Serves}"))}
        place     {Place}
        policy    {Topology.Policy}
        question  {Question} from {Client}
        """;
}

/// <summary>A decision that outlives its span.</summary>
internal sealed record Answer(ImmutableArray<Candidate> All, int Eligible, bool FailedOpen)
{
    /// <summary>Where the region of this index stands: 0 is first.</summary>
    public int RankOf(int region) => All.Index().Single(candidate => candidate.Item.Region == region).Index;
}
