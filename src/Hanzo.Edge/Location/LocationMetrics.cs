using System.Diagnostics.Metrics;
using Hanzo.Edge.Location.ProxyProtocol;

namespace Hanzo.Edge.Location;

/// <summary>What location counts. Instruments carry their Prometheus names whole, so that no exporter has to compose them.</summary>
internal sealed class LocationMetrics : IDisposable
{
    public const string MeterName = "Hanzo.Edge.Location";

    private readonly Meter meter;
    private readonly Counter<long> reloads;
    private readonly Counter<long> ignoredHeaders;
    private readonly Counter<long> refusedHeaders;
    private GeoReading? reading;

    /// <param name="meters">Makes the meter.</param>
    public LocationMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        reloads = meter.CreateCounter<long>("hanzo_edge_geo_reloads_total", description: "New versions of the location database, by result.");
        ignoredHeaders = meter.CreateCounter<long>("hanzo_edge_client_headers_ignored_total", description: "Requests whose forwarding headers were not believed, by reason.");
        refusedHeaders = meter.CreateCounter<long>("hanzo_edge_proxy_protocol_refused_total", description: "Connections closed for want of a good PROXY protocol header, by reason.");
        Gauge("hanzo_edge_geo_build_timestamp_seconds", "When the location database in use was built, in seconds since 1970.", now => now.Built.ToUnixTimeSeconds(), "s");
        Gauge("hanzo_edge_geo_last_reload_successful", "Whether the newest version of the location database is in use: 1, or 0 where it was refused.", now => now.Successful ? 1 : 0);
        Gauge("hanzo_edge_geo_last_reload_timestamp_seconds", "When a version of the location database was last taken into use or refused, in seconds since 1970.", now => now.Changed.ToUnixTimeMilliseconds() / 1000.0, "s");
        Gauge("hanzo_edge_geo_places", "Places that the location database in use tells apart.", now => now.Places);
        Gauge("hanzo_edge_geo_table_bytes", "Memory of the compiled location table.", now => now.TableBytes, "By");
    }

    /// <summary>A new version is in use, or was refused.</summary>
    public void Reloaded(GeoReading now)
    {
        reading = now;
        reloads.Add(1, new KeyValuePair<string, object?>("result", now.Successful ? "ok" : "refused"));
    }

    /// <summary>A request's forwarding headers were not believed.</summary>
    public void HeadersIgnored(ForwardingVerdict verdict)
    {
        var reason = verdict switch
        {
            ForwardingVerdict.Untrusted => "untrusted",
            ForwardingVerdict.Unreadable => "unreadable",
            ForwardingVerdict.Conflict => "conflict",
            _ => null,
        };
        if (reason is not null)
        {
            ignoredHeaders.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }
    }

    /// <summary>A connection was closed for its PROXY protocol header.</summary>
    public void ProxyHeaderRefused(ProxyRefusal refusal) => refusedHeaders.Add(1, new KeyValuePair<string, object?>("reason", refusal switch
    {
        ProxyRefusal.Untrusted => "untrusted",
        ProxyRefusal.Malformed => "malformed",
        ProxyRefusal.Missing => "missing",
        _ => "too_slow",
    }));

    public void Dispose() => meter.Dispose();

    private void Gauge(string name, string description, Func<GeoReading, double> read, string? unit = null)
        => meter.CreateObservableGauge(name, () => reading is { } now ? [new Measurement<double>(read(now))] : Enumerable.Empty<Measurement<double>>(), unit, description);
}

/// <summary>The location database as metrics see it.</summary>
/// <param name="Successful">Whether the newest version is in use.</param>
/// <param name="Changed">When that was decided.</param>
/// <param name="Built">When the one in use was built.</param>
/// <param name="Places">Places it tells apart.</param>
/// <param name="TableBytes">Bytes of its table.</param>
internal sealed record GeoReading(bool Successful, DateTimeOffset Changed, DateTimeOffset Built, int Places, long TableBytes);
