using Hanzo.Drills.Declarations;

namespace Hanzo.Drills.Runs;

/// <summary>When a drill is given up: fewer than a share of the requests of the last seconds went well.</summary>
internal sealed record AbortRule(double Availability, TimeSpan Over)
{
    public static AbortRule Read(Item item)
    {
        var keys = item.Keys();
        var rule = new AbortRule(keys.Required("availability")?.Share() ?? 0, keys.Required("over")?.Duration() ?? TimeSpan.FromSeconds(1));
        keys.End();
        return rule;
    }
}
