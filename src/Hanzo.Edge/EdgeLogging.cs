using Microsoft.Extensions.Logging.Console;

namespace Hanzo.Edge;

/// <summary>How the program logs: a JSON object a line on standard output, and nothing for each request.</summary>
internal static class EdgeLogging
{
    /// <summary>Adds it.</summary>
    public static void AddEdgeLog(this ILoggingBuilder log)
    {
        log.SetMinimumLevel(LogLevel.Information);
        log.AddFilter("Microsoft", LogLevel.Warning);
        // Enabled at any level, this one makes an Activity and a scope for each request.
        log.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that failed is told once, in one line, by `run`.
        log.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        // A failed request is told by its answer, its receipt and a metric; a line with a stack each would flood an outage.
        log.AddFilter("Yarp", LogLevel.Error);
        log.AddFilter("System.Net.Http", LogLevel.Warning);
        // No line names a scope, and one of each connection would be carried through every step of its requests.
        log.Services.Configure<LoggerFilterOptions>(filter => filter.CaptureScopes = false);
        log.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
        // A reader of our output that stops reading must not stop requests.
        log.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
    }
}
