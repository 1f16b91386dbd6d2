using System.Collections.Immutable;

namespace Hanzo.Drills.Torture;

/// <summary>What befalls nodes, and for how long.</summary>
/// <param name="At">Since the clients began.</param>
/// <param name="Nodes">Their numbers, from 0.</param>
internal sealed record Trouble(TimeSpan At, TroubleKind Kind, ImmutableArray<int> Nodes, TimeSpan Lasts)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Draws what happens within <paramref name="within"/>, one after another with short pauses.</summary>
    /// <param name="kinds">What may happen.</param>
    public static ImmutableArray<Trouble> Draw(Random random, TimeSpan within, IReadOnlyList<TroubleKind> kinds, int nodes)
    {
        var drawn = ImmutableArray.CreateBuilder<Trouble>();
        for (var at = Quiet; ;)
        {
            var kind = kinds[random.Next(kinds.Count)];
            // A majority loses power together, or all: what is not on most disks is on none. Of other troubles now and then two at once.
            var befallen = kind == TroubleKind.PowerCut ? random.Next(2, nodes + 1) : random.Next(4) == 0 ? 2 : 1;
            var numbers = Enumerable.Range(0, nodes).ToArray();
            random.Shuffle(numbers);
            var lasts = TimeSpan.FromMilliseconds(random.Next(300, 2500));
            if (at + lasts > within - Quiet)
                return drawn.ToImmutable();
            drawn.Add(new Trouble(at, kind, [.. numbers.Take(befallen).Order()], lasts));
            at += lasts + TimeSpan.FromMilliseconds(random.Next(300, 2000));
        }
    }

    public override string ToString() => FormattableString.Invariant($"{At.TotalSeconds,6:0.0} s  {Kind} of {string.Join(" and ", Nodes)} for {Lasts.TotalSeconds:0.0} s");
}

internal enum TroubleKind
{
    /// <summary>The process is killed and started again later.</summary>
    Kill,

    /// <summary>It keeps its connections and does nothing.</summary>
    Freeze,

    /// <summary>It is asked to stop, and started again when it has.</summary>
    Restart,

    /// <summary>The other nodes are not reached, nor do they reach it; clients do.</summary>
    Cut,

    /// <summary>What it sends to the other nodes is lost; it hears them.</summary>
    Mute,

    /// <summary>Packets between it and the others are late and some are lost.</summary>
    Lossy,

    /// <summary>Several are killed at once, and their disks have only what was synced.</summary>
    PowerCut,
}
