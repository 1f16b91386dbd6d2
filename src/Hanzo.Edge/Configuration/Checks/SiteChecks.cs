using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Sections;

namespace Hanzo.Edge.Configuration.Checks;

/// <summary>Edges that are answers of DNS and that nobody would miss.</summary>
internal static class SiteChecks
{
    public static void Tell(EdgeFile file, ProblemList problems)
    {
        foreach (var site in file.Dns?.Sites ?? [])
        {
            if (site.Name == file.Edge.Name || file.Peers?.Members.ContainsKey(site.Name) == true) continue;
            problems.Warn(
                site.NameAt, $"dns.sites.{site.Name}: this edge never hears from it: it stays an answer when it is lost",
                "give it the name of this edge or of one under `peers.members`");
        }
    }
}
