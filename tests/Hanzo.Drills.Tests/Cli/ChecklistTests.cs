using Hanzo.Drills.Cli;
using Spectre.Console;

namespace Hanzo.Drills.Tests.Cli;

public sealed class ChecklistTests : IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task Without_a_terminal_every_item_is_one_plain_line()
    {
        var checklist = new Checklist(_output, null, TimeProvider.System);

        Assert.True(await checklist.Do("ports are free", _ => Task.FromResult<string?>(null)));
        Assert.False(await checklist.Do("[edge] is ready", _ => Task.FromResult<string?>("it ended")));

        Assert.Equal("ok   ports are free\nFAIL [edge] is ready\nit ended\n", _output.ToString());
    }

    [Fact]
    public async Task On_a_terminal_items_are_ticked_off_in_colour()
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(_output),
        });
        var checklist = new Checklist(_output, terminal, TimeProvider.System);

        await checklist.Do("[edge] is ready", progress =>
        {
            progress("[2] of 3");
            return Task.FromResult<string?>(null);
        });

        Assert.Contains("✓\u001b[0m [edge] is ready", _output.ToString(), StringComparison.Ordinal);
    }
}
