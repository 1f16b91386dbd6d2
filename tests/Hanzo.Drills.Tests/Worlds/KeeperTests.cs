using Hanzo.Drills.Worlds;
using Hanzo.Testing;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class KeeperTests : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];

    private readonly Keeper _keeper = new();
    private readonly string _log = Path.GetTempFileName();

    public void Dispose() => File.Delete(_log);

    private Task<Child> Shell(string script, Dictionary<string, string>? variables = null) =>
        _keeper.Start("shell", _log, variables ?? NoVariables, ["/bin/sh", "-c", script]);

    [Fact]
    public async Task Output_of_both_kinds_goes_to_the_file_and_the_exit_code_is_kept()
    {
        using var child = await Shell("echo $GREETING; echo oops >&2; exit 7", new() { ["GREETING"] = "it's me" });
        await child.Exit();

        Assert.Equal(7, child.ExitCode);
        Assert.Equal("it's me\noops\n", await File.ReadAllTextAsync(_log));
        Assert.Equal($"shell ended with exit code 7; its output is in {_log}\n    it's me\n    oops", child.Epitaph());
    }

    [Fact]
    public async Task A_program_that_is_not_there_says_so_in_the_file()
    {
        using var child = await _keeper.Start("nothing", _log, NoVariables, ["/no/such/program"]);
        await child.Exit();

        Assert.Equal(127, child.ExitCode);
        Assert.Contains("/no/such/program: not found", child.Epitaph(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_last_lines_are_told()
    {
        using var child = await Shell("seq 1 100");
        await child.Exit();
        Assert.Equal(["91", "92", "93", "94", "95", "96", "97", "98", "99", "100"], child.LastOutput());
    }

    [Fact]
    public async Task A_child_that_stops_when_asked_is_not_killed()
    {
        using var child = await Shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await Eventually.Holds("the child is up", () => child.LastOutput() is ["up"]);

        await child.Stop(TimeSpan.FromSeconds(10), TimeProvider.System);

        Assert.Equal(0, child.ExitCode);
    }

    [Fact]
    public async Task A_child_that_does_not_stop_is_killed_with_what_it_started()
    {
        using var child = await Shell("trap '' TERM; sleep 300 & echo $!; wait");
        await Eventually.Holds("the child is up", () => child.LastOutput().Count == 1);
        var grandchild = child.LastOutput()[0];

        await child.Stop(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        Assert.Equal(128 + 9, child.ExitCode);
        await Eventually.Holds("the grandchild is gone", () => !IsRunning(grandchild));
    }

    [Fact]
    public async Task A_child_leads_its_own_session_so_that_the_terminal_does_not_reach_it()
    {
        using var child = await Shell("sleep 300");
        await Eventually.Holds("the child leads", () => SessionOf(child.Pid) == child.Pid);
        child.Kill();
        await child.Exit();
    }

    private static bool IsRunning(string pid) =>
        File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static int SessionOf(int pid) => int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1].Split(' ')[3]);
}
