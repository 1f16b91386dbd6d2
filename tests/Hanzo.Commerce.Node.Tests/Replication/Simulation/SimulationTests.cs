using System.Globalization;

namespace Hanzo.Commerce.Node.Tests.Replication.Simulation;

public sealed class SimulationTests
{
    /// <summary>The environment variable that holds how many schedules are played: a nightly run asks for 10,000.</summary>
    private const string Variable = "HANZO_SCHEDULES";

    private static readonly int Schedules = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 200;

    [Fact]
    public void Whatever_happens_all_come_to_the_same_with_everything_acknowledged_once() =>
        Assert.Empty(Enumerable.Range(1, Schedules).Select(seed => Schedule.Play(seed)).OfType<string>().Take(3));

    [Fact]
    public void Acknowledging_before_applying_is_found() =>
        Assert.Contains(
            Enumerable.Range(1, 200).Select(seed => Schedule.Play(seed, acksBeforeApplying: true)),
            found => found?.Contains("acknowledged and missing", StringComparison.Ordinal) == true || found?.Contains("hold something else", StringComparison.Ordinal) == true);

    [Fact]
    public void A_seed_plays_the_same_again()
    {
        var seed = Enumerable.Range(1, 200).First(seed => Schedule.Play(seed, acksBeforeApplying: true) is not null);
        Assert.Equal(Schedule.Play(seed, acksBeforeApplying: true), Schedule.Play(seed, acksBeforeApplying: true));
    }
}
