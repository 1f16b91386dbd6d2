using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Yaml;
using Hanzo.Edge.Steering.Failover;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>A file that promises a failover faster than its own arithmetic is refused, at the term whose change would hurt least.</summary>
internal static class FailoverChecks
{
    public static void Tell(EdgeFile file, YamlNode root, ProblemList problems)
    {
        var plan = FailoverPlan.Of(file);
        foreach (var line in plan.Requests) Tell(line, "failover.requests", root, problems);
        foreach (var line in plan.Dns) Tell(line, "failover.dns", root, problems);
        if (file.Failover.Dns is not null && plan.Dns.IsEmpty)
            problems.Warn(At(root, "failover.dns") ?? Position.Start, "failover.dns: there is no steered name that it could speak of", "take it away, or add `dns`");
    }

    private static string Sum(FailoverBudget budget) =>
        string.Join(" + ", budget.Rows.Where(row => row.Share > TimeSpan.Zero).Select(row => $"{row.Name} {Show(row.Share)}"));

    /// <summary>A time as sums are read: <c>33.9s</c>, <c>250ms</c>.</summary>
    public static string Show(TimeSpan time) => time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds:0.###}ms" : $"{time.TotalSeconds:0.###}s";

    private static void Tell(FailoverLine line, string promise, YamlNode root, ProblemList problems)
    {
        var budget = line.Budget;
        if (budget.Fits) return;
        var remedies = budget.Remedies.Where(remedy => line.Keys.ContainsKey(remedy.Term)).ToList();
        var at = remedies.Select(remedy => At(root, line.Keys[remedy.Term].Split(" and ")[0])).FirstOrDefault(position => position is not null);
        problems.Error(
            at ?? At(root, promise) ?? Position.Start,
            $"{promise}: {line.Name} takes {Show(budget.Worst)} at worst and {Show(budget.Bound!.Value)} is promised: {Sum(budget)}",
            remedies.Count == 0
                ? "no single term is enough: promise more, or shorten several of them"
                : string.Join(", or ", remedies.Select(remedy => $"{line.Keys[remedy.Term]}: {remedy.LargestThatFits} at most (now {remedy.Now})")));
    }

    private static Position? At(YamlNode node, string path)
    {
        if (node.Path == path) return node.At;
        IEnumerable<YamlNode> below = node switch
        {
            YamlMapping mapping => mapping.Entries.Select(entry => entry.Value),
            YamlSequence list => list.Items,
            _ => [],
        };
        return below.Select(one => At(one, path)).FirstOrDefault(found => found is not null);
    }
}
