using Hanzo.Drills.Declarations;
using Hanzo.Drills.Runs;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Checkers.Promises;

/// <summary>The requests that a promise is about.</summary>
/// <param name="Continent">Of customers; null is all.</param>
/// <param name="State">The kind of state that they need; null is all.</param>
/// <param name="When">always, during faults, or quiet: while no fault lasts and <paramref name="Settle"/> after.</param>
internal sealed record Whose(string? Continent, string? State, string When, TimeSpan Settle)
{
    /// <summary>Whether they are of customers who keep addresses for longer than TTLs say; null is all.</summary>
    public bool? IgnoresTtl { get; init; }

    private static readonly TimeSpan DefaultSettle = TimeSpan.FromSeconds(5);

    public static readonly Whose Everyone = new(null, null, "always", DefaultSettle);

    /// <summary>Reads the keys that say so beside a promise's own.</summary>
    public static Whose Read(Keys keys, string when = "always") => new(
        keys.Optional("continent")?.Choice("AF", "AS", "EU", "NA", "OC", "SA"),
        keys.Optional("state")?.Choice("read", "local-write", "consensus"),
        keys.Optional("when")?.Choice("always", "faults", "quiet") ?? when,
        keys.Optional("settle")?.Duration() ?? DefaultSettle)
    {
        IgnoresTtl = keys.Optional("ttl")?.Choice("kept", "ignored") is { } ttl ? ttl == "ignored" : null,
    };

    public IEnumerable<Sample> In(DrillRecord record) => record.Samples.Where(sample =>
        (Continent is null || sample.Arrival.Customer.Continent == Continent)
        && (IgnoresTtl is not { } ignores || sample.Arrival.IgnoresTtl == ignores)
        && (State is null || sample.Arrival.Action.State == State)
        && When switch
        {
            "faults" => record.Faults.Any(fault => fault.Touches(sample.At, TimeSpan.Zero)),
            "quiet" => !record.Faults.Any(fault => fault.Touches(sample.At, Settle)),
            _ => true,
        });

    public override string ToString() => string.Concat(
        Continent is null ? "" : $" from {Continent}",
        State is null ? "" : $" for {State}",
        IgnoresTtl switch { true => " of who ignores TTLs", false => " of who keeps to TTLs", _ => "" },
        When switch { "faults" => " during faults", "quiet" => " while nothing is broken", _ => "" });
}
