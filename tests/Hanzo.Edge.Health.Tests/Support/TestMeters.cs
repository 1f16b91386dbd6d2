using System.Diagnostics.Metrics;

namespace Hanzo.Edge.Health.Tests.Support;

/// <summary>Makes meters and keeps what their instruments say, apart from every other test's.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> meters = [];
    private readonly List<(string Instrument, string[] Tags, double Value)> seen = [];
    private readonly MeterListener listener = new();

    public TestMeters()
    {
        listener.InstrumentPublished = (instrument, it) => { if (instrument.Meter.Scope == this) it.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        meters.Add(meter);
        return meter;
    }

    public double Sum(string instrument, string[] tags) =>
        seen.Where(one => one.Instrument == instrument && tags.All(one.Tags.Contains)).Sum(one => one.Value);

    public IReadOnlyDictionary<string, double> Read(string instrument)
    {
        seen.RemoveAll(one => one.Instrument == instrument);
        listener.RecordObservableInstruments();
        return seen.Where(one => one.Instrument == instrument).ToDictionary(one => string.Join(' ', one.Tags), one => one.Value);
    }

    public void Dispose()
    {
        listener.Dispose();
        meters.ForEach(meter => meter.Dispose());
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string[] texts = new string[tags.Length];
        for (var i = 0; i < tags.Length; i++) texts[i] = $"{tags[i].Key}={tags[i].Value}";
        seen.Add((instrument.Name, texts, value));
    }
}
