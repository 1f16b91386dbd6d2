using System.Collections.Immutable;
using System.Text;
using Hanzo.Edge.Health.Vantage;
using Hanzo.Edge.Peering;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Peering;

public sealed class PeerInboxTests
{
    private static readonly PeerSignature Signature = new("correct horse battery staple"u8.ToArray());
    private static readonly byte[] Body = PeerReportJson.Write(new VantageReport("b", ImmutableDictionary<string, RegionSight>.Empty.Add("eu", new(HealthState.Up, StateClasses.Read | StateClasses.Consensus)), ["a"]));

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly VantageDesk desk;
    private readonly PeerInbox inbox;

    public PeerInboxTests()
    {
        desk = new VantageDesk(clock, "a", ["b"], TimeSpan.FromSeconds(1), () => true);
        inbox = new PeerInbox(Signature, ["b"], desk, clock);
    }

    private long Now => PeerInbox.Micros(clock.GetUtcNow());

    [Fact]
    public void A_signed_report_is_taken_whole()
    {
        Assert.Equal(PeerRefusal.None, Send("b", Now, Body));

        var read = PeerReportJson.Read("b", Body)!;
        Assert.Equal(new RegionSight(HealthState.Up, StateClasses.Read | StateClasses.Consensus), read.Regions["eu"]);
        Assert.Equal(["a"], read.Hears);
        Assert.True(read.TakesClients);
        Assert.False(PeerReportJson.Read("b", PeerReportJson.Write(read with { TakesClients = false }))!.TakesClients);
        Assert.Equal(TimeSpan.Zero, desk.Ages()["b"]);
    }

    [Fact]
    public void The_same_report_again_is_refused_and_so_is_an_older_one()
    {
        Send("b", Now, Body);

        Assert.Equal(PeerRefusal.Replayed, Send("b", Now, Body));
        Assert.Equal(PeerRefusal.Replayed, Send("b", Now - 1, Body));
        Assert.Equal(PeerRefusal.None, Send("b", Now + 1, Body));
    }

    [Fact]
    public void What_was_said_before_a_restart_is_not_heard_after_it()
    {
        var said = Now;
        Send("b", said, Body);
        clock.Advance(TimeSpan.FromSeconds(1));
        var restarted = new PeerInbox(Signature, ["b"], desk, clock);

        Assert.Equal(PeerRefusal.Replayed, restarted.Take("b", said, Signature.Of("b", said, Body), Body));
        Assert.Equal(PeerRefusal.None, restarted.Take("b", Now, Signature.Of("b", Now, Body), Body));
    }

    [Theory]
    [InlineData(-30.1)]
    [InlineData(30.1)]
    public void A_report_of_another_time_is_refused(double seconds) =>
        Assert.Equal(PeerRefusal.Time, Send("b", Now + (long)(seconds * 1e6), Body));

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_time_out_of_this_world_is_refused(long micros) => Assert.Equal(PeerRefusal.Time, Send("b", micros, Body));

    [Fact]
    public void Whatever_is_changed_after_signing_is_found()
    {
        var good = Signature.Of("b", Now, Body);
        var other = (byte[])Body.Clone();
        other[^2] ^= 1;

        Assert.Equal(PeerRefusal.Signature, inbox.Take("b", Now, good, other));
        Assert.Equal(PeerRefusal.Signature, inbox.Take("b", Now + 1, good, Body));
        Assert.Equal(PeerRefusal.Signature, inbox.Take("b", Now, new PeerSignature("another key altogether"u8.ToArray()).Of("b", Now, Body), Body));
        Assert.Equal(PeerRefusal.Signature, inbox.Take("b", Now, "", Body));
        Assert.Equal(PeerRefusal.Signature, inbox.Take("b", Now, new string('z', 64), Body));
        Assert.Equal(PeerRefusal.Stranger, inbox.Take("c", Now, Signature.Of("c", Now, Body), Body));
        Assert.Equal(PeerRefusal.None, inbox.Take("b", Now, good, Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"regions":{"eu":null},"hears":[]}""")]
    [InlineData("""{"regions":{},"hears":null}""")]
    public void What_cannot_be_read_is_refused(string body) =>
        Assert.Equal(PeerRefusal.Unreadable, Send("b", Now, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Words_of_a_newer_edge_are_passed_over_and_missing_ones_mean_what_older_edges_do()
    {
        var read = PeerReportJson.Read("b", """{"regions":{"eu":{"state":"dizzy","serves":["read","dreams"],"mood":1}},"hears":[],"more":{}}"""u8)!;

        Assert.Equal(new RegionSight(HealthState.Unknown, StateClasses.Read), read.Regions["eu"]);
        Assert.True(read.TakesClients);
    }

    private PeerRefusal Send(string edge, long micros, byte[] body) => inbox.Take(edge, micros, Signature.Of(edge, micros, body), body);
}
