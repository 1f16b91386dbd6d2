using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hanzo.Commerce.Node.Analytics;
using Hanzo.Commerce.Node.Events;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/analytics: counters, uniques, quantiles, frequent texts and funnels, by hour, day or in whole.</summary>
internal sealed class AnalyticsApi(FigureReader figures, Freshness freshness, TimeProvider time)
{
    private const int MaxSteps = 8;

    private static readonly double[] UsualQuantiles = [0.5, 0.9, 0.99];

    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/analytics/counters", request => Answer(request, ["event"], (query, span) => new JsonObject { ["count"] = figures.Count(span, query.Text("event")) }));
        endpoints.Read(routes, "/v1/analytics/uniques", request => Answer(request, ["event", "of"], (query, span) => new JsonObject
        {
            ["uniques"] = Math.Round(figures.Uniques(span, query.Text("event"), query.Text("of"))),
            ["standard_error"] = 0.01625,
        }));
        endpoints.Read(routes, "/v1/analytics/quantiles", request => Answer(request, ["event", "property", "q"], Quantiles));
        endpoints.Read(routes, "/v1/analytics/frequent", request => Answer(request, ["event", "property"], Frequent));
        endpoints.Read(routes, "/v1/analytics/funnels", request => Answer(request, ["steps"], Funnel));
    }

    private JsonObject Quantiles(FigureQuery query, HourSpan span)
    {
        var spread = figures.Quantiles(span, query.Text("event"), query.Text("property"));
        var quantiles = new JsonObject();
        foreach (var part in query.Parts ?? [.. UsualQuantiles])
            quantiles[part.ToString(CultureInfo.InvariantCulture)] = spread.Quantile(part);
        return new JsonObject { ["count"] = spread.Weight, ["quantiles"] = quantiles, ["relative_error"] = 0.01 };
    }

    private JsonObject Frequent(FigureQuery query, HourSpan span) => new()
    {
        ["texts"] = new JsonArray([.. figures.Frequent(span, query.Text("event"), query.Text("property")).Most.Take(20)
            .Select(text => new JsonObject { ["text"] = text.Text, ["count"] = text.Count, ["error"] = text.Error })]),
    };

    private JsonObject Funnel(FigureQuery query, HourSpan span)
    {
        var (steps, coverage) = figures.Funnel(span, query.Steps);
        return new JsonObject
        {
            ["steps"] = new JsonArray([.. query.Steps.Zip(steps).Select(step => new JsonObject { ["event"] = step.First, ["sessions"] = Math.Round(step.Second) })]),
            ["sampled"] = coverage < 1,
        };
    }

    private ValueTask<ApiAnswer> Answer(ApiRequest request, string[] names, Func<FigureQuery, HourSpan, JsonObject> figure)
    {
        var (query, wrong) = FigureQuery.Read(request.Context.Request.Query, names, time.GetUtcNow());
        if (query is null)
            return ValueTask.FromResult(ApiAnswer.Refuse(StatusCodes.Status400BadRequest, "invalid_query", wrong!));
        var data = query.Buckets.Select(span =>
        {
            var body = figure(query, span);
            body.Insert(0, "from", Time(span.From));
            body.Insert(1, "to", Time(span.To));
            return (JsonNode)body;
        });
        var answer = new JsonObject
        {
            ["data"] = new JsonArray([.. data]),
            ["freshness"] = new JsonArray([.. freshness.Now().Select(node => (JsonNode)new JsonObject { ["node"] = node.Node, ["as_of"] = node.AsOf is { } asOf ? Time(asOf) : null })]),
        };
        return ValueTask.FromResult(new ApiAnswer(StatusCodes.Status200OK, System.Text.Encoding.UTF8.GetBytes(answer.ToJsonString())));
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>What is asked for, read from the query.</summary>
    private sealed record FigureQuery(ImmutableArray<HourSpan> Buckets, ImmutableArray<string> Steps, ImmutableArray<double>? Parts, IQueryCollection Query)
    {
        private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

        public string Text(string name) => Query[name]!;

        public static (FigureQuery? Query, string? Wrong) Read(IQueryCollection query, string[] names, DateTimeOffset now)
        {
            if (query.FirstOrDefault(parameter => parameter.Value.Count != 1 || !names.Concat(["from", "to", "bucket"]).Contains(parameter.Key)) is { Key: { } unknown })
                return (null, $"{unknown} is not asked for here, or is there twice.");
            if (names.FirstOrDefault(name => name != "q" && !query.ContainsKey(name)) is { } missing)
                return (null, $"{missing} is missing.");
            if ((query.TryGetValue("event", out var name) && !Event.IsName(name!)) || (query.TryGetValue("property", out var property) && !Event.IsProperty(property!)))
                return (null, "event is a name such as cart.line.added, property the name of one of its properties.");
            if (query.TryGetValue("of", out var of) && of != "session" && of != "user")
                return (null, "of is session or user.");
            ImmutableArray<string> steps = query.TryGetValue("steps", out var list) ? [.. list.ToString().Split(',')] : [];
            if (names.Contains("steps") && (steps.Length is < 2 or > MaxSteps || !steps.All(Event.IsName)))
                return (null, $"steps is 2 to {MaxSteps} names of events with commas between.");
            var parts = query.TryGetValue("q", out var texts) ? texts.ToString().Split(',').Select(Part).ToImmutableArray() : default(ImmutableArray<double>?);
            if (parts?.Any(part => part is not (>= 0 and <= 1)) == true)
                return (null, "q is numbers from 0 to 1 with commas between.");
            return BucketsOf(query, now) is { } buckets
                ? (new FigureQuery(buckets, steps, parts, query), null)
                : (null, "from and to are whole hours as in RFC 3339, from before to, at most 31 days apart; bucket is hour, day or all.");
        }

        private static ImmutableArray<HourSpan>? BucketsOf(IQueryCollection query, DateTimeOffset now)
        {
            var hour = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
            var to = query.TryGetValue("to", out var toText) ? Hour(toText!) : hour.AddHours(1);
            var from = query.TryGetValue("from", out var fromText) ? Hour(fromText!) : to?.AddHours(-24);
            if (from is not { } first || to is not { } last || first >= last || last - first > Longest)
                return null;
            var step = (query.TryGetValue("bucket", out var bucket) ? bucket.ToString() : "all") switch { "hour" => 1, "day" => 24, "all" => 24 * 31, _ => 0 };
            if (step == 0)
                return null;
            var buckets = ImmutableArray.CreateBuilder<HourSpan>();
            for (; first < last; first = first.AddHours(step))
                buckets.Add(new HourSpan(first, first.AddHours(step) < last ? first.AddHours(step) : last));
            return buckets.ToImmutable();
        }

        private static double Part(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) ? part : -1;

        private static DateTimeOffset? Hour(string text) =>
            DateTimeOffset.TryParseExact(text, "yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Ticks % TimeSpan.TicksPerHour == 0
                ? time.ToUniversalTime()
                : null;
    }
}
