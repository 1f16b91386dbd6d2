namespace Hanzo.Commerce.Node.Serving;

/// <summary>Ends the process at once, once what was logged is written: the console is written by a thread of its own.</summary>
/// <param name="logs">Those that write; the factory of loggers does not dispose of what it was given.</param>
internal sealed class ProcessEnd(IEnumerable<ILoggerProvider> logs)
{
    /// <summary>Does not return.</summary>
    public void Now(int code)
    {
        foreach (var log in logs)
            log.Dispose();
        Environment.Exit(code);
    }
}
