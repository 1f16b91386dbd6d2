using CsCheck;
using Hanzo.Edge.Dns.Steered;

namespace Hanzo.Edge.Dns.Tests.Steered;

public sealed class NetworkMapTests
{
    [Fact]
    public void It_finds_what_a_walk_finds_and_the_prefix_is_the_widest_of_one_number()
    {
        var runs = Gen.Select(Gen.UInt.Array[0, 20], Gen.Int[1, 4].Array[21]);
        Gen.Select(runs, Gen.UInt).Sample((made, address) =>
        {
            var starts = made.Item1.Append(0u).Distinct().Order().ToArray();
            var all = starts.Select((start, i) => (start, made.Item2[i])).ToList();
            for (var i = all.Count - 1; i > 0; i--)
                if (all[i].Item2 == all[i - 1].Item2) all.RemoveAt(i);
            var map = new NetworkMap<uint>(all.ToArray());
            var asked = (address & 1) == 0 ? address : all[(int)(address % (uint)all.Count)].start;
            var found = map.Find(asked);
            return found.Number == all.Last(run => run.start <= asked).Item2
                && IsUniform(asked, found.PrefixLength) && (found.PrefixLength == 0 || !IsUniform(asked, found.PrefixLength - 1));

            bool IsUniform(uint at, int prefix)
            {
                var mask = prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
                var (first, last) = (at & mask, at | ~mask);
                return !all.Any(run => run.start > first && run.start <= last);
            }
        }, iter: 5000);
    }

    [Fact]
    public void A_whole_space_of_one_number_is_one_prefix()
    {
        var map = new NetworkMap<UInt128>([(UInt128.Zero, 5)]);
        Assert.Equal((5, 0, 1), (map.Find(UInt128.MaxValue).Number, map.Find(UInt128.One).PrefixLength, map.Count));
    }
}
