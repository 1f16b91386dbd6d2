using System.Collections.Immutable;
using Hanzo.Drills.Torture;

namespace Hanzo.Drills.Tests.Torture;

public sealed class TroubleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);
    private static readonly TroubleKind[] Kinds = Enum.GetValues<TroubleKind>();

    [Fact]
    public void A_seed_repeats_its_troubles() => Assert.Equal(Told(Draw(7)), Told(Draw(7)));

    [Fact]
    public void Troubles_come_one_after_another_end_in_time_and_are_of_every_kind()
    {
        var seen = new HashSet<TroubleKind>();
        for (var seed = 0; seed < 100; seed++)
        {
            var drawn = Draw(seed);
            Assert.InRange(drawn.Length, 10, 100);
            Assert.All(drawn.Zip(drawn.Skip(1)), pair => Assert.True(pair.First.At + pair.First.Lasts < pair.Second.At));
            Assert.True(drawn[^1].At + drawn[^1].Lasts < Minute);
            Assert.All(drawn, trouble => Assert.Equal(trouble.Nodes.Distinct().Count(), trouble.Nodes.Length));
            Assert.All(drawn.Where(trouble => trouble.Kind == TroubleKind.PowerCut), cut => Assert.InRange(cut.Nodes.Length, 2, 3));
            Assert.All(drawn.Where(trouble => trouble.Kind != TroubleKind.PowerCut), cut => Assert.InRange(cut.Nodes.Length, 1, 2));
            seen.UnionWith(drawn.Select(trouble => trouble.Kind));
        }
        Assert.Equal(Kinds.Length, seen.Count);
    }

    private static ImmutableArray<Trouble> Draw(int seed) => Trouble.Draw(new Random(seed), Minute, Kinds, nodes: 3);

    private static IEnumerable<string> Told(IEnumerable<Trouble> troubles) => troubles.Select(trouble => trouble.ToString());
}
