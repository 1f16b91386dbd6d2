using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>The laws of a replicated type, stated once: each type says how it is changed and what it means.</summary>
public abstract class CrdtLaws<T, TOperation> where T : class, ICrdt<T>
{
    private Gen<History<T, TOperation>> Histories => History<T, TOperation>.Gen(Operation, Delta);

    private Gen<(History<T, TOperation>, int)> HistoriesAndSeeds => Gen.Select(Histories, Gen.Int);

    /// <summary>What replicas do.</summary>
    private protected abstract Gen<TOperation> Operation { get; }

    /// <summary>The delta of an operation.</summary>
    private protected abstract T Delta(T state, ReplicaId replica, HybridTime time, TOperation operation);

    /// <summary>What a state says.</summary>
    private protected abstract object Meaning(T state);

    /// <summary>What everyone must say in the end, worked out from the history alone, the slow and simple way.</summary>
    private protected abstract object Expected(IReadOnlyList<Done<T, TOperation>> changes);

    [Fact]
    public void Merging_is_commutative() => Histories.Sample(history =>
    {
        foreach (var (a, b) in Pairs(history.States))
            Same(a.Merge(b), b.Merge(a));
    }, iter: Cases.PerLaw);

    [Fact]
    public void Merging_is_associative() => Histories.Sample(history =>
    {
        var (a, b, c) = (history.States[0], history.States[1], history.States[2]);
        Same(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
        foreach (var (d, e) in Pairs([.. history.Deltas.Take(8)]))
            Same(a.Merge(d).Merge(e), a.Merge(d.Merge(e)));
    }, iter: Cases.PerLaw);

    [Fact]
    public void Merging_is_idempotent_and_nothing_changes_nothing() => Histories.Sample(history =>
    {
        foreach (var state in history.States.Concat(history.Deltas))
        {
            Same(state, state.Merge(state));
            Same(state, state.Merge(T.Empty));
            Same(state, T.Empty.Merge(state));
        }
    }, iter: Cases.PerLaw);

    [Fact]
    public void States_only_grow() => Histories.Sample(history =>
    {
        foreach (var (state, delta) in history.States.Zip(history.Deltas))
        {
            var after = state.Merge(delta);
            Same(after, after.Merge(state));
            Same(after, after.Merge(delta));
            // Growing has no way back: what is above the state and below it is the state.
            if (state.Merge(after).Equals(state))
                Same(state, after);
        }
    }, iter: Cases.PerLaw);

    [Fact]
    public void Merging_deltas_comes_to_the_same_as_merging_states() => Histories.Sample(history =>
    {
        var states = history.States.Aggregate(T.Empty, (all, state) => all.Merge(state));

        Same(states, history.All);
    }, iter: Cases.PerLaw);

    [Fact]
    public void Any_order_loss_with_resending_and_repetition_converge() => HistoriesAndSeeds.Sample((history, seed) =>
    {
        var random = new Random(seed);
        var replica = T.Empty;
        var waiting = history.Deltas.ToList();
        while (waiting.Count > 0)
        {
            var next = random.Next(waiting.Count);
            var lost = random.Next(3) == 0;
            if (!lost)
                replica = replica.Merge(waiting[next]);
            if (!lost && random.Next(2) == 0)
                waiting.RemoveAt(next);
        }

        Same(history.All, replica);
    }, iter: Cases.PerLaw);

    [Fact]
    public void Everyone_comes_to_mean_what_the_history_says() => Histories.Sample(history =>
        Assert.Equal(Expected(history.Changes), Meaning(history.All)), iter: Cases.PerLaw);

    [Fact]
    public void What_is_written_reads_the_same_and_writes_the_same_again() => Histories.Sample(history =>
    {
        foreach (var state in history.States.Concat(history.Deltas))
        {
            var bytes = CrdtCodec.Encode(state);
            var read = CrdtCodec.Decode<T>(bytes);

            Assert.Equal(DecodeProblem.None, read.Problem);
            Assert.Equal(state, read.State);
            Assert.Equal(Meaning(state), Meaning(read.State!));
            Assert.Equal(bytes, CrdtCodec.Encode(read.State!));
        }
    }, iter: Cases.PerLaw);

    [Fact]
    public void What_is_damaged_is_refused_or_is_another_state_whole() => HistoriesAndSeeds.Sample((history, seed) =>
    {
        var random = new Random(seed);
        var bytes = CrdtCodec.Encode(history.States[0]);
        Assert.False(CrdtCodec.Decode<T>(bytes, bytes.Length - 1).Succeeded);
        Assert.False(CrdtCodec.Decode<T>([.. bytes, 0]).Succeeded);
        for (var times = 1 + random.Next(3); times > 0; times--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        var read = CrdtCodec.Decode<T>(bytes);
        if (read.Succeeded)
            Assert.Equal(read.State, CrdtCodec.Decode<T>(CrdtCodec.Encode(read.State)).State);
        else
            Assert.NotEqual(DecodeProblem.None, read.Problem);
    }, iter: Cases.PerLaw);

    [Fact]
    public void Fields_of_later_versions_are_kept_through_merges() => Histories.Sample(history =>
    {
        var later = Later(history.States[0], "what a later version says");
        var another = Later(history.States[1], "and another");

        var merged = later.Merge(another);
        var again = CrdtCodec.Decode<T>(CrdtCodec.Encode(merged)).State!;

        Same(merged, another.Merge(later));
        Same(merged, again);
        Assert.NotEqual(merged, history.States[0].Merge(history.States[1]));
        Assert.Equal(Meaning(history.States[0].Merge(history.States[1])), Meaning(again));
    }, iter: Cases.PerLaw);

    private static T Later(T state, string says)
    {
        var writer = new WireWriter();
        writer.Raw(CrdtCodec.Encode(state));
        writer.Count(99);
        writer.Text(says);
        return CrdtCodec.Decode<T>(writer.ToArray()).State!;
    }

    private static IEnumerable<(T, T)> Pairs(IReadOnlyList<T> states) =>
        from a in states from b in states select (a, b);

    private static void Same(T expected, T actual)
    {
        Assert.Equal(expected, actual);
        Assert.Equal(CrdtCodec.Encode(expected), CrdtCodec.Encode(actual));
    }
}
