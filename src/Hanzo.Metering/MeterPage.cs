using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

namespace Hanzo.Metering;

/// <summary>
/// Shows the instruments of our own meters on the metrics page, under the names and help that they carry. prometheus-net's
/// own adapter listens to every meter of the process, composes names and help itself, and keeps series that are gone.
/// </summary>
public sealed class MeterPage : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, MeterSeries> series = new();
    private readonly MeterListener listener = new();
    private readonly CollectorRegistry registry;

    /// <summary>Listens from now on to the meters that <paramref name="ours"/> made, and shows what it hears on <paramref name="registry"/>.</summary>
    public MeterPage(CollectorRegistry registry, IMeterFactory ours)
    {
        this.registry = registry;
        listener.InstrumentPublished = (instrument, listening) =>
        {
            // The server makes its meters by the same factory, under names that no page can show.
            if (ReferenceEquals(instrument.Meter.Scope, ours) && instrument.Meter.Name.StartsWith("Hanzo.", StringComparison.Ordinal)) listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        registry.AddBeforeCollectCallback(Observe);
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Observe()
    {
        foreach (var one in series.Values) one.BeginObservation();
        listener.RecordObservableInstruments();
        foreach (var one in series.Values) one.EndObservation();
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++) labels[i] = tags[i].Value?.ToString() ?? "";
        if (!series.TryGetValue(instrument, out var known))
        {
            var names = new string[tags.Length];
            for (var i = 0; i < tags.Length; i++) names[i] = tags[i].Key;
            known = series.GetOrAdd(instrument, MeterSeries.Of(instrument, names, registry));
        }
        known.Record(value, labels);
    }
}
