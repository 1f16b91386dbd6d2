using System.Collections.Frozen;
using System.Globalization;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Feeds;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Which changes are asked for, and how.</summary>
/// <param name="Limit">Log entries in a page at most; an entry may hold several changes.</param>
/// <param name="Wait">How long a page may wait for a change.</param>
internal sealed record FeedQuery(VersionVector Position, IReadOnlySet<string> Collections, int Limit, TimeSpan Wait, bool IsStream)
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static (FeedQuery? Query, Problem? Problem) Read(HttpRequest request, ChangeFeed feed)
    {
        var query = request.Query;
        if (query.FirstOrDefault(parameter => parameter.Value.Count != 1 || parameter.Key is not ("cursor" or "from" or "collections" or "limit" or "wait")) is { Key: { } unknown })
            return (null, Wrong("invalid_query", $"{unknown} is not asked for here, or is there twice."));
        var isStream = request.Headers.Accept.Any(accept => accept?.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase) == true);
        // What a browser sends when its stream broke is newer than the address it began with.
        var cursor = request.Headers["Last-Event-ID"] is [{ } last] ? last : query["cursor"].FirstOrDefault();
        var position = cursor is not null ? FeedCursor.Read(cursor) : query["from"].FirstOrDefault() == "oldest" ? feed.Oldest() : feed.Now;
        if (position is null)
            return (null, Wrong("invalid_cursor", "cursor is next_cursor of the answer before, or the id of the last event."));
        if (query["from"] is [{ } from] && from is not ("now" or "oldest"))
            return (null, Wrong("invalid_query", "from is now or oldest."));
        var collections = (query["collections"] is [{ } names] ? names.Split(',') : ChangeJson.Collections).ToFrozenSet(StringComparer.Ordinal);
        if (collections.Except(ChangeJson.Collections).Any())
            return (null, Wrong("invalid_query", $"collections are some of {string.Join(", ", ChangeJson.Collections)} with commas between."));
        if (Number(query, "limit", DefaultLimit, 1, MaxLimit) is not { } limit)
            return (null, Wrong("invalid_limit", $"limit is a whole number from 1 to {MaxLimit}."));
        if (Number(query, "wait", 0, 0, (int)MaxWait.TotalSeconds) is not { } wait)
            return (null, Wrong("invalid_query", $"wait is a whole number of seconds from 0 to {MaxWait.TotalSeconds}."));
        return (new FeedQuery(position, collections, limit, TimeSpan.FromSeconds(wait), isStream), null);
    }

    private static int? Number(IQueryCollection query, string name, int usual, int least, int most) =>
        query[name] is not [{ } text] ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : null;

    private static Problem Wrong(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
