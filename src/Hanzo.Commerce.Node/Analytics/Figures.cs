using System.Globalization;
using System.Text.Json;
using Hanzo.Commerce.Crdt;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Counters;
using Hanzo.Commerce.Crdt.Sketches;
using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Events;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Analytics;

/// <summary>
/// What is known of the events of each hour, derived on every node by itself from the events of all regions. What adds up is
/// kept apart by the origin that took the event.
/// </summary>
internal static class Figures
{
    private const int MaxSize = 256 * 1024;

    /// <summary>Into how many rows the visitors of an hour are divided by their hashes: each event writes one of them anew.</summary>
    private const int Slices = 16;

    /// <summary>Visitors in a slice. All slices together hold 2,048 as good as always, and their rows are of a page or two.</summary>
    private const int SliceSize = 192;

    public static StateCollection<GCounter> Counts { get; } = new(130, "event_counts", MaxSize);

    public static StateCollection<HyperLogLog> Uniques { get; } = new(131, "event_uniques", MaxSize);

    public static StateCollection<Shares<DdSketch>> Quantiles { get; } = new(132, "event_quantiles", MaxSize);

    public static StateCollection<Shares<TopK>> Frequent { get; } = new(133, "event_frequent", MaxSize);

    public static StateCollection<Cohort> Visitors { get; } = new(134, "event_visitors", MaxSize);

    public static IEnumerable<ICollection> Collections => [Counts, Uniques, Quantiles, Frequent, Visitors];

    /// <summary>The name of a figure of an hour.</summary>
    /// <param name="of">The event, and where there are several figures of it, which.</param>
    public static string KeyOf(DateTimeOffset hour, params ReadOnlySpan<string> of) =>
        string.Join('|', [hour.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture), .. of]);

    /// <summary>
    /// The names of the rows that hold an hour's visitors. The first is the only one where they were not divided yet.
    /// </summary>
    public static IEnumerable<string> VisitorKeysOf(DateTimeOffset hour, string name) =>
        [KeyOf(hour, name), .. Enumerable.Range(0, Slices).Select(slice => SliceOf(hour, name, (ulong)slice))];

    /// <summary>Adds an event that was not known here.</summary>
    public static void Count(StoreTransaction transaction, Event told, ReplicaId origin)
    {
        Change(transaction, Counts, KeyOf(told.At, told.Name), count => count.Merge(count.Increment(origin)));
        var session = StableHash.Of(told.Session);
        Change(transaction, Uniques, KeyOf(told.At, told.Name, "session"), visitors => visitors.Add(session));
        Change(transaction, Visitors, SliceOf(told.At, told.Name, session % Slices), visitors => visitors.Add(session, told.At.ToUnixTimeMilliseconds()).Lowest(SliceSize));
        if (told.User is not null)
            Change(transaction, Uniques, KeyOf(told.At, told.Name, "user"), visitors => visitors.Add(StableHash.Of(told.User)));
        foreach (var (name, value) in told.Properties)
        {
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && double.IsFinite(number))
                Change(transaction, Quantiles, KeyOf(told.At, told.Name, name), spread => spread.Merge(spread.Grow(origin, share => share.Add(number))));
            else if (value.ValueKind == JsonValueKind.String)
                Change(transaction, Frequent, KeyOf(told.At, told.Name, name), texts => texts.Merge(texts.Grow(origin, share => share.Add(value.GetString()!))));
        }
    }

    private static string SliceOf(DateTimeOffset hour, string name, ulong slice) => KeyOf(hour, name, slice.ToString(CultureInfo.InvariantCulture));

    private static void Change<T>(StoreTransaction transaction, StateCollection<T> collection, string key, Func<T, T> change)
        where T : class, ICrdt<T>
    {
        var before = collection.In(transaction, key);
        var after = change(before);
        if (!ReferenceEquals(before, after))
            transaction.Derive(collection, key, after);
    }
}
