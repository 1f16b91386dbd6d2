using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Proxying;

/// <summary>Tells the client where its request was answered: Hanzo-Region, Proxy-Status, Request-Id and Server-Timing. Hops are named, and times told, to trusted clients only.</summary>
internal static class Telling
{
    /// <summary>The field naming the region.</summary>
    public const string RegionHeader = "Hanzo-Region";

    /// <summary>The field that says how long the region took.</summary>
    public const string ServerTiming = "Server-Timing";

    // What most answers take, by hundredths of a millisecond: up to 10 ms, made when first told.
    private static readonly string?[] Told = new string?[1000];

    /// <summary>Writes them on a response that came from an endpoint.</summary>
    public static void Write(Exchange exchange, IHeaderDictionary headers)
    {
        headers[RegionHeader] = exchange.Plan.RegionName(exchange.Region);
        headers[RequestIds.Header] = exchange.RequestId;
        var status = Status(exchange);
        // RFC 9209 §2: each intermediary appends its member.
        headers[ProxyStatus.Header] = headers.TryGetValue(ProxyStatus.Header, out var before) ? StringValues.Concat(before, status) : status;
        if (exchange.Trusted) headers[ServerTiming] = StringValues.Concat(headers[ServerTiming], Timing(exchange));
    }

    /// <summary>Writes them on an answer of the edge's own.</summary>
    public static void WriteError(Exchange exchange, IHeaderDictionary headers, string error)
    {
        if (exchange.Region >= 0) headers[RegionHeader] = exchange.Plan.RegionName(exchange.Region);
        headers[RequestIds.Header] = exchange.RequestId;
        headers[ProxyStatus.Header] = ProxyStatus.Error(exchange.Snapshot.Configuration.Name, error);
    }

    /// <summary>The edge's member of Proxy-Status on a response that came from an endpoint.</summary>
    public static StringValues Status(Exchange exchange) =>
        exchange.Trusted && exchange.Attempt.Endpoint is { } endpoint ? exchange.Plan.StatusOf(endpoint) : exchange.Plan.Status;

    /// <summary>The edge's member of Server-Timing (https://www.w3.org/TR/server-timing): milliseconds from the request's arrival until the region's head of a response.</summary>
    public static string Timing(Exchange exchange)
    {
        var milliseconds = exchange.Time.GetElapsedTime(exchange.Started, exchange.Attempt.Sent).TotalMilliseconds + exchange.Attempt.HeadMs;
        var hundredths = (long)(milliseconds * 100);
        return (ulong)hundredths < (ulong)Told.Length ? Told[hundredths] ??= Timing(hundredths) : Timing(hundredths);
    }

    // Written of whole numbers: the format of a fraction showed in profiles.
    private static string Timing(long sum)
    {
        var (milliseconds, hundredths) = Math.DivRem(sum, 100);
        Span<char> text = stackalloc char[48];
        "region;dur=".CopyTo(text);
        milliseconds.TryFormat(text[11..], out var written, default, CultureInfo.InvariantCulture);
        written += 11;
        (text[written], text[written + 1], text[written + 2]) = ('.', (char)('0' + (hundredths / 10)), (char)('0' + (hundredths % 10)));
        return new string(text[..(written + 3)]);
    }
}
