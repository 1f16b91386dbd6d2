using System.CommandLine;
using System.Security.Cryptography;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Cli;

/// <summary><c>hanzo-edge run</c>: serves until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>The command, to be added to the root.</summary>
    /// <param name="reader">Reads the configuration.</param>
    public static Command Create(ConfigurationReader reader)
    {
        var config = new Option<string>("--config", "-c") { Description = "The configuration file.", Required = true, HelpName = "FILE" };
        var command = new Command("run", "Serve. SIGTERM drains and stops, a second one stops at once, SIGHUP reads the configuration again.") { config };
        command.SetAction((parsed, _) => RunAsync(reader, parsed.GetRequiredValue(config), parsed.InvocationConfiguration.Error));
        return command;
    }

    private static async Task<int> RunAsync(ConfigurationReader reader, string file, TextWriter errors)
    {
        var read = reader.ReadFile(file);
        ProblemReport.Write(read, file, errors);
        if (read.Configuration is null) return ExitCode.BadConfiguration;

        var seed = RandomNumberGenerator.GetBytes(sizeof(ulong));
        await using var program = EdgeProgram.Create(file, reader, read, TimeProvider.System, BitConverter.ToUInt64(seed), out var fault);
        if (program is null)
        {
            await errors.WriteLineAsync($"hanzo-edge: {fault}");
            return ExitCode.BadConfiguration;
        }

        using var signals = new StopSignals(program.Reload);
        try
        {
            await program.StartAsync(signals.Stop);
        }
        catch (IOException taken)
        {
            await errors.WriteLineAsync($"hanzo-edge: {file}: {taken.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }
        await signals.Stopped;
        await program.StopAsync(signals.Force);
        return ExitCode.Ok;
    }
}
