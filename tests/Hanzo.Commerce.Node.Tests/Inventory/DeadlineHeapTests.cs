using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Tests.Inventory;

public sealed class DeadlineHeapTests
{
    private static readonly Comparer<Deadline> ByTime = Comparer<Deadline>.Create((one, other) =>
        one.At != other.At ? one.At.CompareTo(other.At)
        : one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind)
        : string.CompareOrdinal(one.Key, other.Key));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_earliest_comes_first_whatever_the_order_in_which_they_came(int seed)
    {
        var random = new Random(seed);
        var (heap, sorted) = (new DeadlineHeap(), new SortedSet<Deadline>(ByTime));
        for (var i = 0; i < 10_000; i++)
        {
            if (random.Next(5) < 3)
            {
                var deadline = new Deadline(new DateTimeOffset(random.Next(2_000), TimeSpan.Zero), (DeadlineKind)random.Next(4), $"{i}");
                heap.Add(deadline);
                sorted.Add(deadline);
            }
            else if (sorted.Count > 0)
            {
                Assert.Equal(sorted.Min, heap.RemoveFirst());
                sorted.Remove(sorted.Min);
            }
            Assert.Equal(sorted.Count == 0 ? null : sorted.Min.At, heap.FirstAt);
        }
        Assert.Equal(sorted, heap.Hold());
    }
}
