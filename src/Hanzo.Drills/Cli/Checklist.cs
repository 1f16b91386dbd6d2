using Spectre.Console;

namespace Hanzo.Drills.Cli;

/// <summary>
/// Shows what is being done and ticks it off: with a spinner where a person watches, in plain lines elsewhere.
/// </summary>
internal sealed class Checklist(TextWriter output, IAnsiConsole? terminal, TimeProvider time)
{
    /// <summary>What goes to a terminal when standard output is one, else plain lines.</summary>
    public static Checklist For(TextWriter output, TimeProvider time) =>
        new(output, AnsiConsole.Profile is { Out.IsTerminal: true, Capabilities: { Ansi: true, Interactive: true } } ? AnsiConsole.Console : null, time);

    /// <summary>Does one item. Work gets a way to say how far it is, and returns null when it went well or the reason why not.</summary>
    /// <returns>Whether it went well.</returns>
    public async Task<bool> Do(string item, Func<Action<string>, Task<string?>> work)
    {
        var start = time.GetTimestamp();
        var failure = terminal is null
            ? await work(_ => { })
            : await terminal.Status().StartAsync(Markup.Escape(item), status => work(progress => status.Status = Markup.Escape($"{item}: {progress}")));
        var took = time.GetElapsedTime(start);
        Tick(failure is null, took.TotalSeconds >= 0.1 ? $"{item} ({took.TotalSeconds:0.0} s)" : item);
        if (failure is not null)
            await output.WriteLineAsync(failure);
        return failure is null;
    }

    /// <summary>Says something that nobody ticks off. Never wrapped: it may be pasted.</summary>
    public void Say(string text) => output.WriteLine(text);

    private void Tick(bool well, string text)
    {
        if (terminal is null)
            output.WriteLine($"{(well ? "ok  " : "FAIL")} {text}");
        else
            terminal.MarkupLine($"{(well ? "[green]✓[/]" : "[red]✗[/]")} {Markup.Escape(text)}");
    }
}
