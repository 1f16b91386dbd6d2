using System.Diagnostics.Metrics;
using Prometheus;

namespace Hanzo.Metering;

/// <summary>One instrument as a family of series on the metrics page.</summary>
internal sealed class MeterSeries
{
    private readonly Action<double, string[]> record;
    private readonly Action<string[]>? forget;
    private readonly HashSet<string> seen = [];
    private readonly Dictionary<string, string[]> shown = [];

    private MeterSeries(Action<double, string[]> record, Action<string[]>? forget = null)
    {
        this.record = record;
        this.forget = forget;
    }

    /// <summary>The family of <paramref name="instrument"/>, labelled as its first measurement is.</summary>
    public static MeterSeries Of(Instrument instrument, string[] labels, CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        // Nothing here keeps traces that an example could point to, and the search for one takes longer than the counting.
        var bare = ExemplarBehavior.NoExemplars();
        var help = instrument.Description ?? instrument.Name;
        var kind = instrument.GetType();
        var generic = kind.IsGenericType ? kind.GetGenericTypeDefinition() : kind;
        if (generic == typeof(Counter<>))
        {
            var counter = factory.CreateCounter(instrument.Name, help, labels, new CounterConfiguration { ExemplarBehavior = bare });
            return new MeterSeries((value, at) => counter.WithLabels(at).Inc(value));
        }
        if (generic == typeof(ObservableCounter<>))
        {
            var counter = factory.CreateCounter(instrument.Name, help, labels, new CounterConfiguration { ExemplarBehavior = bare });
            return new MeterSeries((value, at) => counter.WithLabels(at).IncTo(value));
        }
        if (generic == typeof(Histogram<>))
        {
            var buckets = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries;
            var histogram = factory.CreateHistogram(instrument.Name, help, labels, new HistogramConfiguration { Buckets = buckets is null ? null : [.. buckets], ExemplarBehavior = bare });
            return new MeterSeries((value, at) => histogram.WithLabels(at).Observe(value));
        }
        var gauge = factory.CreateGauge(instrument.Name, help, labels);
        return generic == typeof(UpDownCounter<>)
            ? new MeterSeries((value, at) => gauge.WithLabels(at).Inc(value))
            : new MeterSeries((value, at) => gauge.WithLabels(at).Set(value), instrument.IsObservable && labels.Length > 0 ? gauge.RemoveLabelled : null);
    }

    /// <summary>Takes one measurement.</summary>
    public void Record(double value, string[] labels)
    {
        record(value, labels);
        if (forget is null) return;
        var key = string.Join('\0', labels);
        lock (seen)
        {
            seen.Add(key);
            shown[key] = labels;
        }
    }

    /// <summary>What is not measured from here to <see cref="EndObservation"/> is gone: a region that was taken out, an endpoint renamed.</summary>
    public void BeginObservation()
    {
        lock (seen) seen.Clear();
    }

    /// <summary>Takes what is gone off the page.</summary>
    public void EndObservation()
    {
        if (forget is null) return;
        lock (seen)
            foreach (var gone in shown.Keys.Except(seen).ToList())
                if (shown.Remove(gone, out var labels)) forget(labels);
    }
}
