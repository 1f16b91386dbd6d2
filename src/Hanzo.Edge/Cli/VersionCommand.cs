using System.CommandLine;

namespace Hanzo.Edge.Cli;

/// <summary><c>hanzo-edge version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The command, to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("version", "Say which version this is.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"hanzo-edge {ProductVersion.Text}"));
        return command;
    }
}
