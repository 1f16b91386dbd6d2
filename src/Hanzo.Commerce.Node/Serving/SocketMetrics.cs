using System.Diagnostics.Metrics;
using Hanzo.Sockets;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>How soon the sockets are served, as <see cref="SocketWatch"/> finds it.</summary>
internal sealed class SocketMetrics(IMeterFactory meters)
{
    private readonly Histogram<double> _delay = meters.Create("Hanzo.Commerce.Node.Serving").CreateHistogram("hanzo_node_socket_delay_seconds", "s",
        "Time that a byte of the node's own lay in a socket until the thread that serves it came: long where something blocks there.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.025, 0.1, 0.25, 1, 5] });

    public void Served(TimeSpan after) => _delay.Record(after.TotalSeconds);
}
