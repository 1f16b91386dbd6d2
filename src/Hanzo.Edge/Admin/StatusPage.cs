using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Hanzo.Edge.Health.Overriding;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Admin;

/// <summary>The page a person opens first: every region with what was observed and what was forced, side by side. Plain HTML, no script, readable in any terminal browser.</summary>
internal static class StatusPage
{
    private const string Head =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="refresh" content="5"><title>Hanzo.Edge</title><style>
        :root { color-scheme: light dark; --line: #8884; --up: #1a7f37; --down: #cf222e; --unknown: #9a6700 }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
        h1 { font-size: 1.4rem; margin: 0 } p { margin: .3rem 0 1.5rem; opacity: .8 }
        table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem }
        th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        th { font-weight: 600; opacity: .7 }
        .up { color: var(--up) } .down { color: var(--down) } .unknown { color: var(--unknown) }
        footer { opacity: .7; font-size: .9rem }
        </style></head><body>

        """;

    /// <summary>The page for one snapshot.</summary>
    public static string Of(EdgeSnapshot snapshot, ImmutableArray<ActiveOverride> overrides, string version)
    {
        var world = snapshot.World;
        var html = new StringBuilder(Head);
        html.AppendLine($"<h1>Edge {Text(snapshot.Configuration.Name)}</h1>");
        html.AppendLine(CultureInfo.InvariantCulture, $"<p>Hanzo.Edge {Text(version)}, configuration {world.Topology.Version}, health {world.Health.Version}, {snapshot.Places.Places.Length:N0} places</p>");

        html.AppendLine("<table><tr><th>Region</th><th>Observed</th><th>Forced</th><th>Serves</th><th>Endpoints</th></tr>");
        for (var i = 0; i < world.Topology.Regions.Length; i++) AppendRegion(html, world.Topology.Regions[i], world.Health.Regions[i]);
        html.AppendLine("</table>");

        if (!overrides.IsEmpty)
        {
            html.AppendLine("<table><tr><th>Override</th><th>Region</th><th>Until</th><th>By</th><th>Reason</th></tr>");
            foreach (var one in overrides)
                html.AppendLine(CultureInfo.InvariantCulture, $"<tr><td>{one.Kind.Code()}</td><td>{Text(one.Region)}</td><td>{one.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z</td><td>{Text(one.By)}</td><td>{Text(one.Reason)}</td></tr>");
            html.AppendLine("</table>");
        }

        html.AppendLine("<table><tr><th>Route</th><th>Path</th><th>Needs</th></tr>");
        foreach (var route in snapshot.Configuration.Routes)
            html.AppendLine($"<tr><td>{Text(route.Route.RouteId)}</td><td>{Text(route.Route.Match.Path ?? "any")}</td><td>{route.State.Code()}</td></tr>");
        html.AppendLine("</table>");

        html.AppendLine("""<footer><a href="/metrics">metrics</a> · <a href="/readyz">readiness</a> · <a href="https://db-ip.com">IP Geolocation by DB-IP</a></footer></body></html>""");
        return html.ToString();
    }

    private static void AppendRegion(StringBuilder html, Region region, RegionHealth health)
    {
        html.Append($"<tr><td>{Text(region.Name)}</td><td>{State(health.Observed)}</td><td>{Forced(region, health)}</td><td>{Serves(health.Serves)}</td><td>");
        for (var i = 0; i < region.Endpoints.Length; i++)
            html.Append($"{State(health.Endpoints[i].State)} {Text(region.Endpoints[i].Address.Authority)}{Share(health.Endpoints[i])}<br>");
        html.AppendLine("</td></tr>");
    }

    // Said only where it is not the whole weight.
    private static string Share(EndpointHealth health) => health switch
    {
        { IsStandby: true } => ", stands by",
        { State: HealthState.Up, Share: < 1 } => string.Create(CultureInfo.InvariantCulture, $", {health.Share:0 %} of its weight{(health.IsDegraded ? ", degraded" : "")}"),
        _ => "",
    };

    private static string State(HealthState state) => state switch
    {
        HealthState.Up => """<span class="up">up</span>""",
        HealthState.Down => """<span class="down">down</span>""",
        _ => """<span class="unknown">unknown</span>""",
    };

    private static string Forced(Region region, RegionHealth health) => health.Override switch
    {
        RegionOverride.Drained => "drained",
        RegionOverride.ForcedUp => "up",
        RegionOverride.ForcedDown => "down",
        _ => region.Drained ? "drained by configuration" : "nothing",
    };

    private static string Serves(StateClasses classes) => classes == StateClasses.None
        ? "nothing"
        : string.Join(", ", Enum.GetValues<StateClass>().Where(state => classes.HasFlag((StateClasses)(1 << (int)state))).Select(state => state.Code()));

    private static string Text(string value) => WebUtility.HtmlEncode(value);
}
