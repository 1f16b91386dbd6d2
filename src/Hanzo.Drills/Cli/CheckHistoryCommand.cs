using System.CommandLine;
using System.Text.Json;
using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Cli;

/// <summary><c>hanzo-drill check-history</c>: judges a history that was recorded.</summary>
internal static class CheckHistoryCommand
{
    private const int Undecided = 2;
    private const int MostTold = 10;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Operations as clients saw them, one a line (docs/drills.md)" };
        var command = new Command("check-history", "Say whether a recorded history is linearizable; exit 0 when it is, 1 when not, 2 when that could not be decided") { file };
        command.SetAction((parsed, _) => Run(parsed.GetValue(file)!, Console.Out, Console.Error));
        return command;
    }

    internal static async Task<int> Run(string file, TextWriter output, TextWriter error)
    {
        var lines = new List<HistoryLine>();
        var number = 0;
        try
        {
            await foreach (var line in File.ReadLinesAsync(file))
            {
                number++;
                lines.Add(HistoryLine.Parse(line));
            }
            return await Tell(HistoryCheck.Of(lines), output);
        }
        catch (JsonException malformed)
        {
            await error.WriteLineAsync($"{file}:{number}: {malformed.Message}");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or FormatException)
        {
            await error.WriteLineAsync($"{file}: {unusable.Message}");
        }
        return Undecided;
    }

    private static async Task<int> Tell(IReadOnlyList<ObjectVerdict> verdicts, TextWriter output)
    {
        var told = verdicts.Where(verdict => verdict.Outcome != Outcome.Linearizable).ToList();
        foreach (var verdict in told.Take(MostTold))
            await output.WriteLineAsync($"{verdict.Object}: {verdict.Outcome}\n{verdict.Evidence}");
        if (told.Count > MostTold)
            await output.WriteLineAsync($"and {told.Count - MostTold} more");
        var worst = verdicts.Any(verdict => verdict.Outcome == Outcome.NotLinearizable) ? Outcome.NotLinearizable
            : verdicts.Any(verdict => verdict.Outcome == Outcome.GaveUp) ? Outcome.GaveUp
            : Outcome.Linearizable;
        var word = worst switch { Outcome.Linearizable => "linearizable", Outcome.NotLinearizable => "NOT linearizable", _ => "undecided" };
        await output.WriteLineAsync($"{verdicts.Sum(verdict => verdict.Operations)} operations on {verdicts.Count} objects: {word}");
        return worst switch { Outcome.Linearizable => 0, Outcome.NotLinearizable => 1, _ => Undecided };
    }
}
