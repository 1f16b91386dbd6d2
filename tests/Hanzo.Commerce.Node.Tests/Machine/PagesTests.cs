using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

public sealed class PagesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_held_stays_as_it_was_and_the_list_goes_on_like_any_other(int seed)
    {
        var random = new Random(seed);
        var (pages, list) = (new Pages<int>(), new List<int>());
        var held = new List<(IEnumerable<int> Held, int[] Expected)>();
        for (var i = 0; i < 20_000; i++)
        {
            switch (random.Next(100))
            {
                case < 50:
                    pages.Add(i);
                    list.Add(i);
                    break;
                case < 60 when list.Count > 0:
                    Assert.Equal(list[^1], pages.RemoveLast());
                    list.RemoveAt(list.Count - 1);
                    break;
                case < 98 when list.Count > 0:
                    var at = random.Next(list.Count);
                    Assert.Equal(list[at], pages[at]);
                    pages[at] = list[at] = -i;
                    break;
                case 98 when list.Count >= 4 * Pages<int>.PageLength:
                    pages.RemoveFirstPage();
                    list.RemoveRange(0, Pages<int>.PageLength);
                    break;
                case 99 when random.Next(20) == 0:
                    held.Add((pages.Hold(), [.. list]));
                    break;
            }
            Assert.Equal(list.Count, pages.Count);
        }
        Assert.Equal(list, pages.Hold());
        Assert.NotEmpty(held);
        Assert.All(held, one => Assert.Equal(one.Expected, one.Held));
    }
}
