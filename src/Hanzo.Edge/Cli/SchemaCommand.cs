using System.CommandLine;
using Hanzo.Edge.Configuration.Reference;

namespace Hanzo.Edge.Cli;

/// <summary>`hanzo-edge schema`: the JSON Schema of the configuration file.</summary>
internal static class SchemaCommand
{
    /// <summary>The command, to be added to the root.</summary>
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of the configuration file.");
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(JsonSchema.Text());
            return ExitCode.Ok;
        });
        return command;
    }
}
