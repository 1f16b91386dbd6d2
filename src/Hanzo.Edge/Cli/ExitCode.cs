namespace Hanzo.Edge.Cli;

/// <summary>What <c>hanzo-edge</c> tells the shell; the same in every command.</summary>
internal static class ExitCode
{
    /// <summary>It worked.</summary>
    public const int Ok = 0;

    /// <summary>It failed; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>The running edge that was asked does not answer.</summary>
    public const int NotReachable = 3;

    /// <summary>The configuration is refused (EX_CONFIG of sysexits.h).</summary>
    public const int BadConfiguration = 78;
}
