using System.Collections.Immutable;
using Hanzo.Drills.Wan;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Torture;

/// <summary>Brings troubles over the nodes of a world, and mends them.</summary>
/// <param name="wan">Null where nodes cannot be cut off.</param>
/// <param name="disks">One a node, or none.</param>
internal sealed class Tormentor(World world, WideAreaNetwork? wan, IReadOnlyList<PowerDisk> disks, HttpClient client, Action<string> say, TimeProvider time)
{
    private static readonly TimeSpan LateBy = TimeSpan.FromMilliseconds(30);
    private const double LostShare = 0.2;

    /// <summary>How long a node that is started again is waited for before the next trouble.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long they all may take when there is no more trouble.</summary>
    private static readonly TimeSpan AllReadyWithin = TimeSpan.FromSeconds(60);

    /// <summary>Brings each in its time.</summary>
    public async Task Bring(ImmutableArray<Trouble> troubles, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        foreach (var trouble in troubles)
        {
            if (trouble.At - time.GetElapsedTime(began) is { Ticks: > 0 } early)
                await Task.Delay(early, time, cancellation);
            say(trouble.ToString());
            await Befall(trouble, cancellation);
        }
    }

    /// <summary>Kills all nodes together, cutting their power where they have disks for it, starts them and waits until all are ready.</summary>
    /// <returns>Null when they are, else why not.</returns>
    public async Task<string?> KillAll(CancellationToken cancellation)
    {
        say("all nodes are killed together");
        ImmutableArray<int> all = [.. Enumerable.Range(0, world.Nodes.Count)];
        await Kill(all);
        foreach (var number in all)
            await Start(number);
        return await world.BecomeReady(AllReadyWithin, _ => { }, cancellation);
    }

    private async Task Befall(Trouble trouble, CancellationToken cancellation)
    {
        var befallen = trouble.Nodes.Select(number => world.Nodes[number]).ToList();
        var lasts = Task.Delay(trouble.Lasts, time, cancellation);
        switch (trouble.Kind)
        {
            case TroubleKind.Kill or TroubleKind.PowerCut:
                await Kill(trouble.Nodes);
                await lasts;
                await Return(trouble.Nodes, cancellation);
                break;
            case TroubleKind.Restart:
                await Task.WhenAll(befallen.Select(node => node.Stop()));
                await Return(trouble.Nodes, cancellation);
                break;
            case TroubleKind.Freeze:
                befallen.ForEach(node => node.Freeze());
                await lasts;
                befallen.ForEach(node => node.Thaw());
                break;
            default:
                Change(trouble, usual => trouble.Kind == TroubleKind.Lossy ? usual with { Delay = usual.Delay + LateBy, Jitter = LateBy, Loss = LostShare } : usual with { Cut = true });
                await lasts;
                Change(trouble, usual => usual);
                break;
        }
    }

    private void Change(Trouble trouble, Func<LinkQuality, LinkQuality> change)
    {
        foreach (var site in trouble.Nodes.Select(SiteOf))
            foreach (var other in wan!.Others([site]))
            {
                wan.Change(site, other, change);
                if (trouble.Kind != TroubleKind.Mute)
                    wan.Change(other, site, change);
            }
    }

    private string SiteOf(int number) => world.Plan.Nodes[number].Region;

    /// <summary>A disk that forgets does so whenever its node is killed.</summary>
    private async Task Kill(ImmutableArray<int> numbers)
    {
        if (disks.Count == 0)
        {
            await Task.WhenAll(numbers.Select(number => world.Nodes[number].Kill()));
            return;
        }
        foreach (var number in numbers)
            world.Nodes[number].Freeze();
        await Task.WhenAll(numbers.Select(number => disks[number].Keep()));
        await Task.WhenAll(numbers.Select(number => world.Nodes[number].Kill()));
        await Task.WhenAll(numbers.Select(number => disks[number].GoOn()));
    }

    private async Task Start(int number)
    {
        if (disks.Count > 0)
            await disks[number].Unmounted();
        await world.Nodes[number].Start();
    }

    /// <exception cref="InvalidOperationException">A node that was ended does not live again.</exception>
    private async Task Return(ImmutableArray<int> numbers, CancellationToken cancellation)
    {
        await Task.WhenAll(numbers.Select(Start));
        await Task.WhenAll(numbers.Select(number => world.Nodes[number].BecomeReady(client, ReadyWithin, cancellation)));
        if (numbers.Select(number => world.Nodes[number].Child).FirstOrDefault(child => child.HasExited) is { } dead)
            throw new InvalidOperationException(dead.Epitaph());
    }
}
