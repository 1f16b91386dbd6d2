using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Health.Probing;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`health.probe`: how endpoints are probed.</summary>
internal static partial class ProbeSection
{
    private const string StatusPattern = "^[1-5][0-9][0-9](-[1-5][0-9][0-9])?(, ?[1-5][0-9][0-9](-[1-5][0-9][0-9])?)*$";

    private static readonly ProbeOptions Defaults = new();

    private static readonly ScalarShape<ValueList<(int From, int To)>> Status = new(
        "statuses or ranges of them, such as 200 or 200-299,401",
        new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = StatusPattern, ["minimum"] = 100, ["maximum"] = 599 },
        (scalar, _) => ParseStatus(scalar.Text),
        value => string.Join(',', value.Values.Select(range => range.From == range.To ? $"{range.From}" : $"{range.From}-{range.To}")));

    private static readonly Section Keys = new();
    private static readonly Key<ProbeKind> Kind = Keys.Optional("kind", Scalars.Choice(("http", ProbeKind.Http), ("tcp", ProbeKind.Tcp), ("dns", ProbeKind.Dns)), Defaults.Kind, "What a probe does: ask over HTTP, only connect, or ask a name server.");
    private static readonly Key<int?> Port = Keys.OptionalValue("port", Scalars.Integer(1, 65535), "Port to ask; the endpoint's own where it is not given.");
    private static readonly Key<string> DnsName = Keys.Optional("dnsName", Scalars.Text("a name"), Defaults.DnsName, "Name that a DNS probe asks for.");
    private static readonly Key<string> DnsType = Keys.Optional("dnsType", Scalars.Choice(("A", "A"), ("AAAA", "AAAA"), ("NS", "NS"), ("SOA", "SOA"), ("TXT", "TXT")), Defaults.DnsType, "Type of record that a DNS probe asks for; an answer without one is a failure.");
    private static readonly Key<string> Method = Keys.Optional("method", Scalars.Choice(("GET", "GET"), ("HEAD", "HEAD"), ("OPTIONS", "OPTIONS"), ("POST", "POST")), Defaults.Method, "Request method.");
    private static readonly Key<string> Path = Keys.Optional("path", Scalars.Text("a path, such as /readyz", (scalar, _) => scalar.Text.StartsWith('/') ? scalar.Text : ("does not begin with '/'", "write /readyz or the like"), "^/"), Defaults.Path, "Path and query asked for.");
    private static readonly Key<string?> Host = Keys.Optional("host", Scalars.Text("a host name"), "Host header; the endpoint's own where it is not given.");
    private static readonly Key<ImmutableArray<Entry<string>>> Headers = Keys.Optional("headers", new MapShape<string>(Names.Free("field"), Scalars.AnyText("a value")), [], "Fields sent with the request, as `NAME: VALUE`.");
    private static readonly Key<TimeSpan> Interval = Keys.Optional("interval", Scalars.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)), Defaults.Interval, "From the start of one probe of an endpoint to the start of the next.");
    private static readonly Key<TimeSpan?> FastInterval = Keys.OptionalValue("fastInterval", Scalars.Duration(TimeSpan.FromMilliseconds(20), TimeSpan.FromHours(1)), "The interval while an endpoint is about to fall or rise; a quarter of the interval where it is not given.");
    private static readonly Key<double> Jitter = Keys.Optional("jitter", Scalars.Decimal(0, 0.5, "a share, 0 to 0.5"), Defaults.Jitter, "Share of the interval by which each start is moved at random, so that targets and edges do not probe in step.");
    private static readonly Key<TimeSpan> Timeout = Keys.Optional("timeout", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)), Defaults.Timeout, "Time one probe may take, connecting included; at most the interval.");
    private static readonly Key<int> Fall = Keys.Optional("fall", Scalars.Integer(1, 100), Defaults.Fall, "Failed probes that take an endpoint down, counted until `forgive` good ones in a row wipe them.");
    private static readonly Key<int> Rise = Keys.Optional("rise", Scalars.Integer(1, 100), Defaults.Rise, "Good probes in a row that bring it back.");
    private static readonly Key<int> Forgive = Keys.Optional("forgive", Scalars.Integer(1, 100), Defaults.Forgive, "Good probes in a row that wipe earlier failures; with 1 only failures in a row count.");
    private static readonly Key<ValueList<(int From, int To)>> ExpectedStatus = Keys.Optional("expectedStatus", Status, Defaults.ExpectedStatus, "Statuses that are good, both ends included.");

    private static readonly Key<int?> RefusedStatus = Keys.OptionalValue("refusedStatus", Scalars.Integer(100, 599), "Status by which an endpoint says no, which counts at once; without it only 503 with `Hanzo-Health: down` does.");
    private static readonly Key<string?> ExpectedBody = Keys.Optional("expectedBody", Scalars.Text("a text"), "Text that the first 64 KiB of the body must hold.");

    /// <summary>The section.</summary>
    public static Shape<ProbeOptions> Shape { get; } = Keys.Builds(Build);

    private static ProbeOptions Build(Values values)
    {
        var probe = new ProbeOptions
        {
            Kind = values.Get(Kind),
            Port = values.Get(Port),
            DnsName = values.Get(DnsName),
            DnsType = values.Get(DnsType),
            Method = values.Get(Method),
            Path = values.Get(Path),
            Host = values.Get(Host),
            Headers = new([.. values.Get(Headers).Select(field => (field.Name, field.Value))]),
            Interval = values.Get(Interval),
            FastInterval = values.Get(FastInterval),
            Jitter = values.Get(Jitter),
            Timeout = values.Get(Timeout),
            Fall = values.Get(Fall),
            Rise = values.Get(Rise),
            Forgive = values.Get(Forgive),
            ExpectedStatus = values.Get(ExpectedStatus),
            RefusedStatus = values.Get(RefusedStatus),
            ExpectedBody = values.Get(ExpectedBody),
        };
        if (probe.Timeout > probe.Interval)
        {
            values.Error(
                values.Has(Timeout) ? Timeout : Interval,
                $"the timeout ({Scalars.ShowDuration(probe.Timeout)}) is longer than the interval ({Scalars.ShowDuration(probe.Interval)})",
                $"an interval of {Scalars.ShowDuration(probe.Timeout)} or more, or a timeout of {Scalars.ShowDuration(probe.Interval)} or less");
        }
        if (probe.FastInterval > probe.Interval)
            values.Error(FastInterval, $"it is longer than the interval ({Scalars.ShowDuration(probe.Interval)})", $"{Scalars.ShowDuration(probe.Interval)} or less");
        foreach (var unused in (Key[])[Method, Path, Host, Headers, ExpectedStatus, RefusedStatus, ExpectedBody])
        {
            if (probe.Kind != ProbeKind.Http && values.Written(unused))
                values.Warn(unused, $"a {(probe.Kind == ProbeKind.Tcp ? "TCP" : "DNS")} probe sends no HTTP request, so this does nothing", "take it away, or choose `kind: http`");
        }
        foreach (var unused in (Key[])[DnsName, DnsType])
        {
            if (probe.Kind != ProbeKind.Dns && values.Written(unused))
                values.Warn(unused, "only a DNS probe asks for a name, so this does nothing", "take it away, or choose `kind: dns`");
        }
        return probe;
    }

    private static Parsed<ValueList<(int From, int To)>> ParseStatus(string text)
    {
        List<(int From, int To)> ranges = [];
        foreach (var part in text.Split(','))
        {
            var match = StatusRange().Match(part.Trim());
            if (!match.Success)
                return ("is not a status or a range of them", "write 200, 200-299 or 200-299,401");
            var from = int.Parse(match.Groups["from"].Value, CultureInfo.InvariantCulture);
            var to = match.Groups["to"].Success ? int.Parse(match.Groups["to"].Value, CultureInfo.InvariantCulture) : from;
            if (from > to)
                return ("ends before it begins", $"write {to}-{from}");
            ranges.Add((from, to));
        }
        return new Parsed<ValueList<(int From, int To)>>(true, new([.. ranges]), "", null);
    }

    [GeneratedRegex("^(?<from>[1-5][0-9][0-9])(?:-(?<to>[1-5][0-9][0-9]))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex StatusRange();
}
