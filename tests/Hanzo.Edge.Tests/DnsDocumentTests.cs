using System.Diagnostics;
using Hanzo.Edge.Location;
using Hanzo.Edge.Tests.Configuration;
using Hanzo.Testing;

namespace Hanzo.Edge.Tests;

/// <summary>What docs/dns.md shows a reader to type is typed, and answered as it says.</summary>
public sealed class DnsDocumentTests
{
    [Fact]
    public async Task Every_command_is_answered_as_the_document_shows()
    {
        Assert.True(GeoVersion.TryLoad(Read.Demo().Configuration!.Geo, TimeProvider.System, out var located, out var fault), fault);
        await using var world = await DnsWorld.Start(located.Table);
        // Nothing listens where the regions should be: then the nearest is answered all the same.
        await world.State.Board.FirstRound;

        var commands = Commands(File.ReadAllText(Path.Combine(Read.Root, "docs/dns.md")));
        Assert.All((string[])["dig ", "kdig ", "delv "], program => Assert.Contains(commands, command => command.Command.StartsWith(program, StringComparison.Ordinal)));
        foreach (var (command, expected) in commands)
            Assert.Equal($"$ {command}\n{Words(expected)}", $"$ {command}\n{Words(await Run(command.Replace("-p 5353", $"-p {world.Port}", StringComparison.Ordinal)))}");
    }

    /// <summary>Each command of the console blocks with what stands below it.</summary>
    private static List<(string Command, string Expected)> Commands(string document)
    {
        var commands = new List<(string, string)>();
        foreach (var block in document.Split("```console\n")[1..])
            foreach (var command in block.Split("\n```")[0].Split("$ ", StringSplitOptions.RemoveEmptyEntries))
                commands.Add((command.Split('\n')[0], command[command.IndexOf('\n')..]));
        return commands;
    }

    // Columns are padded differently from version to version.
    private static string Words(string text) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));

    private static async Task<string> Run(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var answer = await Task.WhenAll(shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync()).WaitAsync(Eventually.Patience);
        await shell.WaitForExitAsync();
        return string.Concat(answer);
    }
}
