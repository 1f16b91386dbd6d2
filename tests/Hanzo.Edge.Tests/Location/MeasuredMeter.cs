using System.Diagnostics.Metrics;

namespace Hanzo.Edge.Tests.Location;

/// <summary>Adds up what the instruments of one factory's meters say, and of no other test's.</summary>
internal sealed class MeasuredMeter : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Dictionary<(string Name, string? Tag), double> values = [];

    public MeasuredMeter(IMeterFactory factory)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The sum of a counter's series.</summary>
    public double Total(string name, string tag, string value)
    {
        lock (values)
        {
            return values.GetValueOrDefault((name, $"{tag}={value}"));
        }
    }

    /// <summary>The newest value of a gauge.</summary>
    public double Gauge(string name)
    {
        listener.RecordObservableInstruments();
        lock (values)
        {
            return values[(name, null)];
        }
    }

    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (instrument.Name, tags.Length == 0 ? null : $"{tags[0].Key}={tags[0].Value}");
        lock (values)
        {
            values[key] = instrument.IsObservable ? value : values.GetValueOrDefault(key) + value;
        }
    }
}
