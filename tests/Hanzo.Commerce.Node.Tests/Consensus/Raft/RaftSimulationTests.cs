namespace Hanzo.Commerce.Node.Tests.Consensus.Raft;

public sealed class RaftSimulationTests
{
    private const int Seeds = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Nothing_acknowledged_is_lost_and_nothing_is_decided_twice_whatever_happens(int nodes)
    {
        var acknowledged = 0L;
        var readings = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var cluster = new SimulatedCluster(nodes, seed * 10 + nodes);
            cluster.Run(10_000);
            cluster.Settle();
            acknowledged += cluster.Acknowledged;
            readings += cluster.ReadingsDone;
        }
        // It has to have worked too: an engine that does nothing loses nothing.
        Assert.InRange(acknowledged, Seeds * 50, long.MaxValue);
        Assert.InRange(readings, Seeds * 10, int.MaxValue);
    }

    [Fact]
    public void A_member_whose_disk_is_wiped_comes_back_and_nothing_is_lost()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var cluster = new SimulatedCluster(3, seed);
            cluster.RunAndMeet(10_000, wipes: true);
            cluster.Settle();
        }
    }
}
