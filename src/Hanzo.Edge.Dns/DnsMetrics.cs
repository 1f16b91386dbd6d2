using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns;

/// <summary>The DNS server's metrics. Threads count into their own <see cref="DnsCounters"/>; the instruments add them up when they are read, so a query pays for a few additions only.</summary>
public sealed class DnsMetrics : IDisposable
{
    private readonly Meter meter;
    private readonly ConcurrentBag<(string Transport, DnsCounters Counters)> threads = [];
    private readonly Lock slotLock = new();
    private ImmutableDictionary<string, int> slots = ImmutableDictionary<string, int>.Empty;
    private long connections;
    private readonly Counter<long> closed;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter they belong to; null for one that nobody looks at.</param>
    public DnsMetrics(IMeterFactory? meters = null)
    {
        meter = meters?.Create("Hanzo.Edge.Dns") ?? new Meter("Hanzo.Edge.Dns");
        meter.CreateObservableCounter("hanzo_edge_dns_answers_total", Answers, null, "DNS answers by question type, response code and transport.");
        meter.CreateObservableCounter("hanzo_edge_dns_steered_answers_total", SteeredAnswers, null, "DNS answers with steered addresses, by the region or edge of the first address.");
        Total("hanzo_edge_dns_ignored_packets_total", "Packets not answered: too short to be a query, or responses.", c => c.Ignored);
        Total("hanzo_edge_dns_truncated_answers_total", "UDP answers truncated because they were too large.", c => c.Truncated);
        Total("hanzo_edge_dns_client_subnet_queries_total", "Queries that told the client's network (EDNS Client Subnet).", c => c.ClientSubnets);
        Total("hanzo_edge_dns_valid_cookie_queries_total", "Queries with a server cookie that was valid.", c => c.ValidCookies);
        Total("hanzo_edge_dns_send_failures_total", "Answers the system did not take.", c => c.SendFailed);
        Total("hanzo_edge_dns_allocated_bytes_total", "Bytes that UDP threads allocated: stands still, however many queries they answer.", c => c.Allocated);
        meter.CreateObservableCounter("hanzo_edge_dns_rate_limited_answers_total", RateLimited, null, "UDP answers held back by response rate limiting.");
        meter.CreateObservableUpDownCounter("hanzo_edge_dns_tcp_connections", () => Interlocked.Read(ref connections), null, "TCP connections open.");
        closed = meter.CreateCounter<long>("hanzo_edge_dns_tcp_closed_total", null, "TCP connections closed, by reason.");
    }

    /// <summary>The counters of one more serving thread.</summary>
    internal DnsCounters Thread(string transport)
    {
        var counters = new DnsCounters();
        threads.Add((transport, counters));
        return counters;
    }

    /// <summary>Where each region of <paramref name="topology"/> is counted. A name keeps its slot for good, so counters never go back; names past the room for them share the last slot.</summary>
    internal ImmutableArray<int> SlotsOf(Topology topology)
    {
        lock (slotLock)
        {
            foreach (var region in topology.Regions)
                if (!slots.ContainsKey(region.Name)) slots = slots.Add(region.Name, Math.Min(slots.Count, DnsCounters.MaxSlots - 1));
            return [.. topology.Regions.Select(region => slots[region.Name])];
        }
    }

    internal void ConnectionOpened() => Interlocked.Increment(ref connections);

    internal void ConnectionRefused() => closed.Add(1, new KeyValuePair<string, object?>("reason", "too many"));

    internal void ConnectionClosed(string reason)
    {
        Interlocked.Decrement(ref connections);
        closed.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private void Total(string name, string description, Func<DnsCounters, long> of) =>
        meter.CreateObservableCounter(name, () => threads.Sum(thread => of(thread.Counters)), null, description);

    private IEnumerable<Measurement<long>> Answers()
    {
        foreach (var transport in threads.GroupBy(thread => thread.Transport))
            for (var type = 0; type < DnsCounters.Types.Length; type++)
                for (var rcode = 0; rcode < DnsCounters.Rcodes.Length; rcode++)
                    if (transport.Sum(thread => thread.Counters.Answers(type, rcode)) is > 0 and var count)
                        yield return new(count, new("type", DnsCounters.Types[type]), new("rcode", DnsCounters.Rcodes[rcode]), new("transport", transport.Key));
    }

    private IEnumerable<Measurement<long>> SteeredAnswers()
    {
        foreach (var (region, slot) in slots)
            yield return new(threads.Sum(thread => thread.Counters.SteeredIn(slot)), new KeyValuePair<string, object?>("region", region));
    }

    private IEnumerable<Measurement<long>> RateLimited() =>
    [
        new(threads.Sum(thread => thread.Counters.LimitDropped), new KeyValuePair<string, object?>("action", "drop")),
        new(threads.Sum(thread => thread.Counters.LimitSlipped), new KeyValuePair<string, object?>("action", "slip")),
    ];
}
