using System.Collections.Immutable;
using System.Globalization;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Log;
using Hanzo.Commerce.Node.Consensus.Raft;
using Hanzo.Commerce.Node.Idempotency;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Serving;
using Xunit.Abstractions;

namespace Hanzo.Commerce.Node.Tests.Consensus.Groups;

/// <summary>How soon a node with a long log serves again, and what saving a large state costs those who commit meanwhile.</summary>
public sealed class RecoveryTests(ITestOutputHelper told) : IDisposable
{
    /// <summary>The environment variable that holds how many commands are in the log; bench/nightly asks for 1,000,000.</summary>
    private const string Variable = "HANZO_COMMANDS";

    private const int Shards = 4;
    private const int Wave = 1_000;

    /// <summary>Times are promised for a machine that does nothing else, and so looked at only where somebody asked.</summary>
    private static readonly int? Asked = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : null;

    private static readonly int Commands = Asked ?? 12_000;
    private static readonly TimeSpan LongestRestart = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-recovery-").FullName;
    private readonly TimeProvider _time = TimeProvider.System;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_long_log_is_read_soon_and_saving_a_large_state_stalls_nobody()
    {
        var node = await Start();
        var groups = node.All;
        await Task.WhenAll(groups.Select(Fill));
        var usual = await Slowest(groups, Task.Delay(TimeSpan.FromSeconds(2), _time));
        var whileSaved = await Slowest(groups, Save(groups));
        var applied = (await Task.WhenAll(groups.Select(group => group.Status()))).Select(status => status.Applied).ToArray();
        node.Dispose();

        var (began, used) = (_time.GetTimestamp(), Environment.CpuUsage.TotalTime);
        node = await Start();
        groups = node.All;
        Assert.All(await Task.WhenAll(groups.Select(group => group.Confirm())), Assert.True);
        var took = _time.GetElapsedTime(began);
        used = Environment.CpuUsage.TotalTime - used;
        var again = (await Task.WhenAll(groups.Select(group => group.Status()))).Select(status => status.Applied).ToArray();
        node.Dispose();

        told.WriteLine($"recovery: commands={Commands} restart_s={took.TotalSeconds:0.00} restart_cpu_s={used.TotalSeconds:0.00} slowest_commit_ms={usual.TotalMilliseconds:0.0} slowest_commit_while_saved_ms={whileSaved.TotalMilliseconds:0.0}");
        // And the entry with which the new term begins.
        Assert.Equal(applied.Select(index => index + 1), again);
        if (Asked is null)
            return;
        Assert.InRange(took, TimeSpan.Zero, LongestRestart);
        // What the disk does anyhow is not the saving's.
        Assert.InRange(whileSaved - usual, TimeSpan.MinValue, LongestStall);
    }

    private Task<RunningGroups> Start() => new RunningGroups(
        _directory,
        Membership.Of(0, [new Member("a@1", IsVoter: true)]),
        new QuietHost(),
        [.. Enumerable.Range(0, Shards).Select(_ => new CommerceMachine())],
        options => options with { SnapshotEvery = Math.Min(50_000, Math.Max(1_000, Commands / Shards / 2)) }).Lead();

    private async Task Fill(Group group)
    {
        await group.Propose(Encoded(new PutStock("demo", "MUG", 1_000_000_000, Condition.None)));
        for (var sent = 0; sent < Commands / Shards; sent += Wave)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, Wave).Select(_ => group.Propose(Reservation())));
            Assert.All(outcomes, outcome => Assert.Equal(ProposalFate.Applied, outcome.Fate));
        }
    }

    /// <summary>How long the slowest command took of those that came one by one, in every shard, until something was over.</summary>
    private async Task<TimeSpan> Slowest(Group[] groups, Task until)
    {
        var slowest = await Task.WhenAll(groups.Select(group => Task.Run(async () =>
        {
            var slowest = TimeSpan.Zero;
            while (!until.IsCompleted)
            {
                var began = _time.GetTimestamp();
                await group.Propose(Reservation());
                slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, _time.GetElapsedTime(began).Ticks));
                await Task.Delay(Pace, _time);
            }
            return slowest;
        })));
        await until;
        return slowest.Max();
    }

    /// <summary>Saves all states as a replica saves its own: written by another thread, while commands are applied.</summary>
    private async Task Save(Group[] groups)
    {
        foreach (var group in groups)
        {
            var status = await group.Status();
            var point = await group.SaveAt(new LogPosition(status.Applied + 1, status.Term));
            var state = (await point.Task)!;
            await PoolThreads.Beside(() => SnapshotFile.Write(Directory.CreateDirectory(ShardLogs.DirectoryOf(_directory, group.Shard) + ".saved").FullName, state.At.Index, state.At.Term, state.Members, state.Write));
        }
    }

    private static ReadOnlyMemory<byte> Reservation()
    {
        var id = $"{Guid.NewGuid():n}";
        return Encoded(new Reserve($"res_{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):n}", "demo", [new Line("MUG", 1)], ImmutableArray<PartPlan>.Empty, TimeSpan.FromDays(1)), new KeyUse($"demo/{id}", id));
    }

    private static ReadOnlyMemory<byte> Encoded(Command command, KeyUse? key = null) => EntryCodec.Write(new Entry(command, key));
}
