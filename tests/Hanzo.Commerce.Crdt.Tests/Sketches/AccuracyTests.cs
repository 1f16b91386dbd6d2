using Hanzo.Commerce.Crdt.Sketches;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Tests.Sketches;

/// <summary>Sketches are as exact as their papers say, and as small.</summary>
public sealed class AccuracyTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public void Uniques_are_within_three_standard_errors(int visitors)
    {
        var sketch = HyperLogLog.Empty;
        for (var visitor = 0; visitor < visitors; visitor++)
            sketch = sketch.Add(StableHash.Of($"session-{visitor}"));
        Assert.InRange(sketch.Estimate, visitors * (1 - 3 * 1.04 / 64), visitors * (1 + 3 * 1.04 / 64));
        Assert.InRange(CrdtCodec.Encode(sketch).Length, 1, 4_096 * 3);
    }

    [Fact]
    public void Quantiles_are_within_one_percent()
    {
        var random = new Random(6);
        var values = Enumerable.Range(0, 20_000).Select(_ => Math.Exp(random.NextDouble() * 20 - 5)).ToArray();
        var sketch = values.Aggregate(DdSketch.Empty, (all, value) => all.Add(value));
        Array.Sort(values);
        foreach (var part in new[] { 0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1 })
            Assert.InRange(sketch.Quantile(part)!.Value / values[(int)(part * (values.Length - 1))], 1 - DdSketch.Accuracy - 1e-9, 1 + DdSketch.Accuracy + 1e-9);
        Assert.Null(DdSketch.Empty.Quantile(0.5));
        Assert.Equal(0, DdSketch.Empty.Add(0).Quantile(1));
    }

    [Fact]
    public void A_count_of_the_most_frequent_is_never_too_low_and_too_high_by_its_error_at_most()
    {
        var random = new Random(7);
        var counts = new Dictionary<string, int>();
        var shares = new[] { TopK.Empty, TopK.Empty, TopK.Empty };
        for (var i = 0; i < 30_000; i++)
        {
            var text = $"product {(int)(1000 * Math.Pow(random.NextDouble(), 4))}";
            counts[text] = counts.GetValueOrDefault(text) + 1;
            shares[i % 3] = shares[i % 3].Add(text);
        }
        var most = shares[0].Plus(shares[1]).Plus(shares[2]).Most;
        Assert.Equal(TopK.Counters, most.Length);
        Assert.All(most, text => Assert.InRange(counts.GetValueOrDefault(text.Text), text.Count - text.Error, text.Count));
        Assert.Equal(counts.MaxBy(text => text.Value).Key, most[0].Text);
    }

    [Fact]
    public void A_cohort_that_is_a_sample_covers_the_part_it_says()
    {
        var cohort = Cohort.Empty;
        for (var visitor = 0; visitor < 20_000; visitor++)
            cohort = cohort.Add(StableHash.Of($"session-{visitor}"), visitor);
        Assert.Equal(Cohort.Size, cohort.Visits.Count());
        Assert.InRange(Cohort.Size / cohort.Coverage, 20_000 * 0.92, 20_000 * 1.08);
        Assert.InRange(CrdtCodec.Encode(cohort).Length, 1, Cohort.Size * 20);
    }

    [Fact]
    public void Smaller_cohorts_of_parts_cover_together_the_part_they_say()
    {
        var parts = Enumerable.Repeat(Cohort.Empty, 16).ToArray();
        for (var visitor = 0; visitor < 20_000; visitor++)
        {
            var hash = StableHash.Of($"session-{visitor}");
            ref var part = ref parts[hash % 16];
            part = part.Add(hash, visitor).Lowest(192);
        }
        var whole = parts.Select(part => CrdtCodec.Decode<Cohort>(CrdtCodec.Encode(part)).State!).Aggregate((all, part) => all.Merge(part));
        Assert.InRange(whole.Visits.Count(), 1_900, Cohort.Size);
        Assert.InRange(whole.Visits.Count() / whole.Coverage, 20_000 * 0.92, 20_000 * 1.08);
        Assert.All(parts, part => Assert.InRange(CrdtCodec.Encode(part).Length, 1, 192 * 20));
    }
}
