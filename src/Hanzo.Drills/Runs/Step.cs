using Hanzo.Drills.Declarations;
using Hanzo.Drills.Faults;

namespace Hanzo.Drills.Runs;

/// <summary>A fault and when it happens.</summary>
/// <param name="For">How long it lasts; null for ever, or until it ends by itself.</param>
internal sealed record Step(DurationRange At, DurationRange? For, Fault Fault)
{
    public static Step Read(Item item, FaultReader faults)
    {
        var keys = item.Keys();
        var at = keys.Required("at")?.Durations() ?? default;
        var lasts = keys.Optional("for")?.Durations();
        var what = keys.Decider(FaultReader.Kinds);
        keys.End();
        return new Step(at, lasts, what is { } found ? faults.Read(found.Key, found.Item) : new LoadFault(1));
    }
}

/// <summary>A step with the times that a seed chose.</summary>
internal sealed record TimedStep(TimeSpan At, TimeSpan? Until, Fault Fault);
