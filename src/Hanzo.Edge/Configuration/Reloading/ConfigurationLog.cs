namespace Hanzo.Edge.Configuration.Reloading;

internal static partial class ConfigurationLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "{file}: configuration {version} is in use")]
    public static partial void Reloaded(this ILogger log, string file, ConfigurationVersion version);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "{file}: the change is refused ({why}); configuration {version} stays in use")]
    public static partial void Refused(this ILogger log, string file, string why, ConfigurationVersion version);

    [LoggerMessage(EventId = 302, Level = LogLevel.Error, Message = "{problem}")]
    public static partial void Wrong(this ILogger log, string problem);

    [LoggerMessage(EventId = 303, Level = LogLevel.Warning, Message = "{problem}")]
    public static partial void Surprising(this ILogger log, string problem);

    [LoggerMessage(EventId = 304, Level = LogLevel.Warning, Message = "{file}: a change of `{key}` takes a restart; everything else is in use")]
    public static partial void NeedsRestart(this ILogger log, string file, string key);

    [LoggerMessage(EventId = 305, Level = LogLevel.Information, Message = "{file}: is again what runs, configuration {version}")]
    public static partial void BackToRunning(this ILogger log, string file, ConfigurationVersion version);

    [LoggerMessage(EventId = 306, Level = LogLevel.Information, Message = "{file}: nothing changed; configuration {version} stays in use")]
    public static partial void NothingChanged(this ILogger log, string file, ConfigurationVersion version);

    [LoggerMessage(EventId = 307, Level = LogLevel.Error, Message = "{file}: looking for a change failed by a defect of the edge; the next look goes on")]
    public static partial void LookFailed(this ILogger log, Exception defect, string file);
}
