using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Dns.Epochs;
using Hanzo.Edge.Dns.Zone;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Steered;

/// <summary>How long it will be at least until the health of a region can change: what a TTL may safely last.</summary>
/// <param name="over">Whether <paramref name="region"/> is a region or a site.</param>
/// <param name="region">Its index in its topology.</param>
public delegate TimeSpan TimeToNextChange(SteeredOver over, int region);

/// <summary>Every steered name's answers under one state of the world. Immutable; prepared aside and swapped whole.</summary>
public sealed class SteeringView
{
    private SteeringView(ImmutableArray<SteeredAnswers> names) => Names = names;

    /// <summary>The same answers with TTLs of now: costs a record for each address, and nothing where no TTL is another.</summary>
    /// <param name="timeToNextChange">When the health of a region can change.</param>
    public SteeringView Retimed(TimeToNextChange timeToNextChange)
    {
        var names = Names.Select(name => name.Within(Ttl(name.Name, name.World.Topology, timeToNextChange))).ToImmutableArray();
        return names.SequenceEqual(Names) ? this : new(names);
    }

    /// <summary>By index of the steered name in the zones.</summary>
    internal ImmutableArray<SteeredAnswers> Names { get; }

    /// <summary>Prepares the answers of all steered names: costs a decision for each place and a step for each network, a few hundredths of a second with a city database.</summary>
    /// <param name="zones">The zones.</param>
    /// <param name="regions">What decides among regions.</param>
    /// <param name="sites">What decides among edge sites, or null where no name is steered over sites.</param>
    /// <param name="networks">The location table both worlds' places come from.</param>
    /// <param name="timeToNextChange">Shrinks TTLs while a change is near; null leaves them at their largest.</param>
    /// <param name="metrics">Where answers are counted by region.</param>
    /// <param name="epochs">Tells the generations of answers apart; null where nobody asks.</param>
    public static SteeringView Prepare(
        ZoneSet zones, SteeringWorld regions, SteeringWorld? sites, PlacedNetworks networks, TimeToNextChange? timeToNextChange, DnsMetrics metrics, EpochBook? epochs = null)
    {
        var generation = epochs?.Begin() ?? 0;
        var segments = new Dictionary<SteeredOver, SteeredSegments>();
        var maps = new Dictionary<SteeredProfile, RankingMap>();
        var names = ImmutableArray.CreateBuilder<SteeredAnswers>(zones.Steered.Length);
        foreach (var name in zones.Steered)
        {
            var world = name.Over == SteeredOver.Sites ? sites ?? throw new ArgumentNullException(nameof(sites)) : regions;
            if (!segments.TryGetValue(name.Over, out var cut)) segments.Add(name.Over, cut = SteeredSegments.Of(world, networks));
            var profile = SteeredProfile.Of(name, world.Topology);
            if (!maps.TryGetValue(profile, out var map)) maps.Add(profile, map = RankingMap.Prepare(world, cut, profile));
            names.Add(new(name, world, profile, map, Ttl(name, world.Topology, timeToNextChange), metrics.SlotsOf(world.Topology)) { Labels = Labels(name) });
        }

        return new(names.MoveToImmutable());

        EpochLabels? Labels(SteeredName name) =>
            epochs is not null && name.Targets.Any(target => target.Epochs is not null) ? new(epochs, generation, [.. name.Targets.Select(target => target.Epochs).OfType<IPNetwork>()]) : null;
    }

    /// <summary>The smallest time to a change among the name's regions, in whole seconds, clamped to the name's bounds.</summary>
    private static TimeSpan Ttl(SteeredName name, Topology topology, TimeToNextChange? timeToNextChange)
    {
        var ttl = name.MaxTtl;
        if (timeToNextChange is null) return ttl;
        foreach (var target in name.Targets)
        {
            var change = timeToNextChange(name.Over, topology.IndexOf(target.Region));
            if (change < ttl) ttl = change;
        }

        return ttl < name.MinTtl ? name.MinTtl : TimeSpan.FromSeconds(Math.Floor(ttl.TotalSeconds));
    }
}
