using Hanzo.Drills.Checkers;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Drills.Tests.Checkers;

public sealed class StepResultTests
{
    private static Task<StepResult> Run(string command, params string[] expected) =>
        StepResult.Of(new WalkStep("a step", command, [.. expected]), TimeProvider.System, default);

    [Fact]
    public async Task An_answer_with_everything_expected_passes_whatever_its_case() =>
        Assert.True((await Run("printf 'HTTP/1.1 200 OK\\r\\nhanzo-region: eu-west\\r\\n' | grep .", "200", "Hanzo-Region: eu-west")).Passed);

    [Fact]
    public async Task An_answer_that_lacks_something_fails_and_is_shown_with_what_it_lacks()
    {
        var result = await Run("echo 'Hanzo-Region: us-east'", "Hanzo-Region: eu-west", "us-east");

        Assert.False(result.Passed);
        Assert.Equal("the answer lacks: Hanzo-Region: eu-west\n    Hanzo-Region: us-east", result.Failure());
    }

    [Fact]
    public async Task A_command_that_fails_fails_even_with_the_right_answer()
    {
        var result = await Run("echo right; echo wrong >&2; exit 3", "right");

        Assert.False(result.Passed);
        Assert.StartsWith("exit code 3\n", result.Failure(), StringComparison.Ordinal);
        Assert.Contains("    wrong", result.Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_without_an_end_fails_after_a_while()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var running = StepResult.Of(new WalkStep("a step", "sleep 300", []), time, default);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("exit code -1\n    no answer within 15 s", (await running).Failure());
    }
}
