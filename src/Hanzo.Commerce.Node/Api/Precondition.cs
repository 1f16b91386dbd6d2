using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Hanzo.Commerce.Node.Api;

/// <summary>
/// If-Match and If-None-Match of a request (RFC 9110 §13.1.1 and §13.1.2). An empty list means that the header was absent.
/// </summary>
internal sealed record Precondition(ImmutableArray<EntityTagHeaderValue> IfMatch, ImmutableArray<EntityTagHeaderValue> IfNoneMatch)
{
    public static Precondition None { get; } = new([], []);

    /// <summary>
    /// Reads both headers, or null when one is malformed: to take a broken If-Match for an absent one would overwrite what
    /// its sender meant to protect.
    /// </summary>
    public static Precondition? Read(IHeaderDictionary headers) =>
        ReadTags(headers.IfMatch) is { } match && ReadTags(headers.IfNoneMatch) is { } noneMatch
            ? new Precondition(match, noneMatch)
            : null;

    /// <summary>Whether a change may go on, given the entity tag of what is there now (null for nothing).</summary>
    public bool Holds(string? current) => (IfMatch.IsEmpty || MatchesStrongly(current)) && !NoneMatchFails(current);

    /// <summary>Whether what is there is what the client already has: If-None-Match compares weakly.</summary>
    public bool NoneMatchFails(string? current) =>
        current is not null && IfNoneMatch.Any(tag => tag.Tag == "*" || tag.Tag.Equals(current, StringComparison.Ordinal));

    /// <summary>The same, to be checked where the version cannot change meanwhile. A weak tag matches nothing that is replaced.</summary>
    public Condition ToCondition() => new(
        [.. IfMatch.Select(tag => tag.IsWeak ? "W" : tag.Tag.ToString().Trim('"'))],
        [.. IfNoneMatch.Select(tag => tag.Tag.ToString().Trim('"'))]);

    private bool MatchesStrongly(string? current) =>
        current is not null && IfMatch.Any(tag => tag.Tag == "*" || (!tag.IsWeak && tag.Tag.Equals(current, StringComparison.Ordinal)));

    private static ImmutableArray<EntityTagHeaderValue>? ReadTags(StringValues header)
    {
        if (header.Count == 0)
            return [];
        return EntityTagHeaderValue.TryParseStrictList(header, out var tags) && tags.Count > 0 ? [.. tags] : null;
    }
}
