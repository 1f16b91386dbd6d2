using YamlDotNet.RepresentationModel;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>Whoever is woken by an alert has a page that says what to do.</summary>
public sealed class AlertTests
{
    private static readonly Rule Rule = tree =>
        from file in tree.Files
        where file.Path == "config/prometheus/alerts.yml"
        from alert in Alerts(file)
        where alert.Runbook is null || !tree.Has(alert.Runbook)
        select file.Breaks(alert.Line, $"{alert.Name} has {(alert.Runbook is null ? "no runbook" : $"a runbook {alert.Runbook} that does not exist")}",
            "Write docs/runbooks/NAME.md and name it in the annotation runbook_url");

    [Fact]
    public void Every_alert_has_its_runbook() => Rule.HoldsHere();

    [Theory]
    [InlineData("summary: gone", "no runbook")]
    [InlineData("runbook_url: docs/runbooks/gone.md", "a runbook docs/runbooks/gone.md that does not exist")]
    [InlineData("runbook_url: https://example.com/blob/main/docs/runbooks/gone.md#steps", "a runbook docs/runbooks/gone.md that does not exist")]
    public void An_alert_without_a_runbook_is_found(string annotation, string what) =>
        Assert.Equal(
            $"config/prometheus/alerts.yml:4: RegionDown has {what}. Write docs/runbooks/NAME.md and name it in the annotation runbook_url.",
            Rule.BrokenBy(Alert(annotation)));

    [Fact]
    public void An_alert_with_its_runbook_is_no_violation() => Rule.KeptBy(
        Alert("runbook_url: docs/runbooks/region-down.md"),
        ("docs/runbooks/region-down.md", "# Region down"));

    private static (string Path, string Text) Alert(string annotation) => ("config/prometheus/alerts.yml",
        $"""
        groups:
          - name: edge
            rules:
              - alert: RegionDown
                expr: up == 0
                annotations:
                  {annotation}
              - record: edge:up
                expr: up
        """);

    private static IEnumerable<(string Name, string? Runbook, int Line)> Alerts(TextFile file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(file.Text));
        return from rule in yaml.Documents.SelectMany(document => document.AllNodes).OfType<YamlMappingNode>()
               let name = Value(rule, "alert")
               where name is not null
               let annotations = rule.Children.TryGetValue("annotations", out var found) ? found as YamlMappingNode : null
               let runbook = annotations is null ? null : Value(annotations, "runbook_url")
               select (name.Value!, PathOf(runbook?.Value), (int)name.Start.Line);
    }

    private static YamlScalarNode? Value(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var value) ? value as YamlScalarNode : null;

    private static string? PathOf(string? runbook)
    {
        var start = runbook?.IndexOf("docs/runbooks/", StringComparison.Ordinal) ?? -1;
        return start < 0 ? null : runbook![start..].Split('#')[0];
    }
}
