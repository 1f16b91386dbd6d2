using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Inventory;

/// <summary>
/// Units of several SKUs, held all or not at all until they are committed, released or the time is over.
///
/// It is decided in one shard, its home. Lines that other shards stock are held there as parts, after the home wrote down
/// that it wants them and before it says held. A part is settled by the home's decision alone: when its time is over the
/// part's shard asks the home, and holds on while the home cannot be asked. So a commit cannot find a part gone.
/// </summary>
/// <param name="Here">Lines that the home itself stocks.</param>
/// <param name="Elsewhere">Lines that other shards stock.</param>
internal sealed record Reservation(
    string Id,
    string Merchant,
    ImmutableArray<Line> Here,
    ImmutableArray<PartPlan> Elsewhere,
    ReservationStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset UpdatedAt)
{
    public const int MaxLines = 100;

    /// <summary>How long a reservation may hold at most.</summary>
    public static readonly TimeSpan MaxHold = TimeSpan.FromDays(7);

    /// <summary>How long one that is over can still be read. Longer than its idempotency key is answered.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    /// <summary>Shards that have not yet heard the decision.</summary>
    public ImmutableArray<int> Unsettled { get; init; } = [];

    /// <summary>Why it was never held, once that is decided.</summary>
    public Refused? Refusal { get; init; }

    /// <summary>The idempotency key to answer when it is decided whether it is held.</summary>
    public string? Key { get; init; }

    /// <summary>The order that it belongs to, or null. Only the order ends it then, and it is kept as long as the order.</summary>
    public string? Order { get; init; }

    /// <summary>When the units of a committed one came back, or null.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>Every line, in order of the SKUs.</summary>
    [JsonIgnore]
    public IEnumerable<Line> Lines => Elsewhere.IsEmpty && Here.Length == 1
        ? Here
        : Here.Concat(Elsewhere.SelectMany(part => part.Lines)).OrderBy(line => line.Sku, StringComparer.Ordinal);

    /// <summary>Whether somebody still has to do something for it.</summary>
    [JsonIgnore]
    public bool IsOpen => Status == ReservationStatus.Holding || !Unsettled.IsEmpty;

    /// <summary>Whether clients may know of it: not before it is held.</summary>
    [JsonIgnore]
    public bool IsPublic => Status is not (ReservationStatus.Holding or ReservationStatus.Refused);

    public static string KeyOf(string merchant, string id) => $"{merchant}/{id}";
}

/// <summary>Where a reservation stands. The names are part of the log's format.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReservationStatus>))]
internal enum ReservationStatus
{
    /// <summary>Its parts are being asked for; nobody outside knows of it yet.</summary>
    Holding,
    Held,
    Committed,
    Released,
    Expired,

    /// <summary>It never came to be held.</summary>
    Refused,
}
