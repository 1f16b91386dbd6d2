using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>Lists over all shards: each gives its next page, and the first of all of them are the page.</summary>
internal sealed class Lists(CommerceShards shards)
{
    /// <param name="question">What to ask each shard for, given the page.</param>
    /// <param name="rows">The rows of a shard's reply, each with the name it is ordered by.</param>
    public async ValueTask<ApiAnswer> Page<TRow, TBody>(
        ApiRequest request,
        Func<Paging, Question> question,
        Func<Reply, IEnumerable<TRow>> rows,
        Func<TRow, string> name,
        Func<TRow, TBody> body,
        JsonTypeInfo<ListBody<TBody>> json)
    {
        var (paging, problem) = Paging.Read(request.Context.Request.Query);
        if (problem is not null)
            return problem;

        var asked = question(paging with { Limit = paging.Limit + 1 });
        var pages = await Task.WhenAll(Enumerable.Range(0, shards.Count).Select(shard =>
            shards.Ask(shard, asked, request.Consistency, request.Cancellation).AsTask()));
        var isLocal = request.Consistency == Consistency.Local;
        if (pages.FirstOrDefault(page => page.Reply is null) is { RetryAfter.Ticks: > 0 } unreached)
            return Answers.To(unreached, isLocal, _ => new ApiAnswer(StatusCodes.Status200OK));

        var found = pages.SelectMany(page => rows(page.Reply!)).OrderBy(name, StringComparer.Ordinal).Take(paging.Limit + 1).ToImmutableArray();
        var shown = found.Take(paging.Limit).ToImmutableArray();
        var list = new ListBody<TBody>([.. shown.Select(body)], found.Length > shown.Length)
        {
            NextCursor = found.Length > shown.Length ? Paging.CursorAfter(name(shown[^1])) : null,
        };
        return new ApiAnswer(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(list, json))
        {
            Staleness = isLocal ? pages.Max(page => page.Staleness) : null,
        };
    }
}
