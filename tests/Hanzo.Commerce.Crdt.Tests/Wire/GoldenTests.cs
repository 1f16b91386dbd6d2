using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Counters;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Maps;
using Hanzo.Commerce.Crdt.Registers;
using Hanzo.Commerce.Crdt.Sets;
using Hanzo.Commerce.Crdt.Sketches;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Tests.Wire;

/// <summary>
/// Bytes that lie on disks: they are read for ever, so a line of golden.txt is never changed. A later version of an encoding
/// gets a line of its own, and the old one stays to be read.
/// </summary>
public sealed class GoldenTests
{
    private static readonly ReplicaId A = new(0x1111_2222_3333_4444);
    private static readonly ReplicaId B = new(0xffff_0000_0000_0001);

    private static readonly Dictionary<string, string> Golden = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Wire", "golden.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    [Fact]
    public void Counters() => Same("g-counter", GCounter.Empty.Increment(A, 300).Merge(GCounter.Empty.Increment(B)));

    [Fact]
    public void Counters_that_go_down()
    {
        var counter = PnCounter.Empty.Add(A, 5);
        Same("pn-counter", counter.Merge(counter.Add(B, -7)));
    }

    [Fact]
    public void Last_writer_registers() => Same("lww-register", LwwRegister<Text>.Set(A, new(0x0198_0000_0000_0002), "Größe"));

    [Fact]
    public void Registers_with_several_values()
    {
        var first = Causal<MvRegister<Text>>.Empty.Delta(A, (register, change) => register.Set(change, new(7), "red"));
        var second = Causal<MvRegister<Text>>.Empty.Delta(B, (register, change) => register.Set(change, new(6), "blue"));
        Same("mv-register", first.Merge(second));
    }

    [Fact]
    public void Sets()
    {
        var set = Causal<OrSet<Text>>.Empty.Delta(A, (elements, change) => elements.Add(change, "pear"));
        set = set.Merge(set.Delta(B, (elements, change) => elements.Add(change, "plum")));
        Same("or-set", set.Merge(set.Delta(A, (elements, change) => elements.Remove(change, "pear"))));
    }

    [Fact]
    public void Maps_of_counters()
    {
        var map = Causal<OrMap<Text, CausalCounter>>.Empty.Delta(A, (lines, change) => lines.At(change, "mug", (count, inside) => count.Add(inside, 2)));
        Same("or-map", map.Merge(map.Delta(B, (lines, change) => lines.At(change, "tea", (count, inside) => count.Add(inside, -1)))));
    }

    [Fact]
    public void Documents()
    {
        var draft = new Draft(Causal<Fields>.Empty, A, new(9));
        draft.Set("name", "Mug");
        draft.Add("mug", 3);
        draft.Set("name", "Mug, blue");
        Same("document", draft.After);
    }

    [Fact]
    public void A_delta_beyond_a_gap()
    {
        var draft = new Draft(Causal<Fields>.Empty, A, new(9));
        draft.Set("name", "Mug");
        var second = new Draft(draft.After, A, new(10));
        second.Add("mug", 3);
        Same("document-delta", second.Delta);
    }

    [Fact]
    public void Sketches()
    {
        Same("hyper-log-log", HyperLogLog.Empty.Add(StableHash.Of("ann")).Add(StableHash.Of("bob")));
        Same("dd-sketch", Shares<DdSketch>.Empty.Grow(A, share => share.Add(0).Add(19.5).Add(20_000)));
        Same("top-k", Shares<TopK>.Empty.Grow(A, share => share.Add("mug").Add("tea").Add("mug")));
        Same("cohort", Cohort.Empty.Add(StableHash.Of("ann"), 1_000).Add(StableHash.Of("ann"), 3_000));
    }

    [Fact]
    public void A_state_of_a_later_version_keeps_what_this_one_does_not_know()
    {
        var bytes = Convert.FromHexString(Golden["g-counter-later"]);
        var read = CrdtCodec.Decode<GCounter>(bytes).State!;
        Assert.Equal(301, read.Value);
        Assert.Equal(bytes, CrdtCodec.Encode(read.Merge(GCounter.Empty.Increment(A, 2))));
    }

    private static void Same<T>(string name, T state) where T : class, ICrdt<T>
    {
        var bytes = Convert.ToHexStringLower(CrdtCodec.Encode(state));
        Assert.True(Golden.GetValueOrDefault(name) == bytes, $"golden.txt does not say: {name} {bytes}");
        Assert.Equal(state, CrdtCodec.Decode<T>(Convert.FromHexString(Golden[name])).State);
    }
}
