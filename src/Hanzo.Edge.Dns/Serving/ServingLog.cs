using System.Net;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>What the DNS server logs.</summary>
internal static partial class ServingLog
{
    [LoggerMessage(1, LogLevel.Information, "DNS answers on {Endpoints}, UDP and TCP, with {Threads} UDP threads")]
    public static partial void Started(this ILogger log, string endpoints, int threads);

    [LoggerMessage(2, LogLevel.Warning, "DNS receive on {Endpoint} failed with system error {Error}")]
    public static partial void ReceiveFailed(this ILogger log, IPEndPoint endpoint, int error);

    [LoggerMessage(3, LogLevel.Error, "DNS serving over {Transport} met a bug; it goes on")]
    public static partial void ServingFailed(this ILogger log, Exception problem, string transport);
}
