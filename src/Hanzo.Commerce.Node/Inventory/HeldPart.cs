using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>Lines of a reservation whose home is another shard.</summary>
/// <param name="ReservationId">Names the home as well: the id lies in the home's shard.</param>
internal sealed record HeldPart(string ReservationId, string Merchant, ImmutableArray<Line> Lines, PartStatus Status)
{
    /// <summary>How long after the reservation's own end the home is asked, when it has not said anything by itself.</summary>
    public static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long a settled part is remembered, so that a late repetition cannot hold its lines again.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(1);
}

/// <summary>Where a part stands. The names are part of the log's format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PartStatus>))]
internal enum PartStatus
{
    Held,
    Committed,
    Released,

    /// <summary>Committed, and then the units came back.</summary>
    Returned,
}
