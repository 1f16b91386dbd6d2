namespace Hanzo.Commerce.Node.Serving;

/// <summary>Ends the process at once, once what was logged is written: the console is written by a thread of its own.</summary>
internal sealed class ProcessEnd(ILoggerFactory logs)
{
    /// <summary>Does not return.</summary>
    public void Now(int code)
    {
        logs.Dispose();
        Environment.Exit(code);
    }
}
