using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

public sealed class PackedTableTests
{
    private static PackedTable<string> Empty() => new((to, row) => to.Text(row), from => from.Text());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_does_what_a_sorted_dictionary_does_and_what_is_held_stays_as_it_was(int seed)
    {
        var random = new Random(seed);
        var (table, model) = (Empty(), new SortedDictionary<string, string>(StringComparer.Ordinal));
        var held = new List<(PackedTable<string>.Moment Held, KeyValuePair<string, string>[] Expected)>();
        for (var i = 0; i < 20_000; i++)
        {
            var key = $"{random.Next(3)}/{random.Next(3_000):d4}";
            switch (random.Next(100))
            {
                case < 60:
                    table.Set(key, model[key] = new string('x', random.Next(100)) + i);
                    break;
                case < 85:
                    table.Remove(key);
                    model.Remove(key);
                    break;
                case < 99:
                    Assert.Equal(model.GetValueOrDefault(key), table.Find(key));
                    break;
                default:
                    held.Add((table.Hold(), [.. model]));
                    Assert.Equal(PageOf(model, key[..2], key, 10), table.Page(key[..2], key, 10));
                    Assert.Equal(PageOf(model, key[..2], null, int.MaxValue), table.Page(key[..2], null, int.MaxValue));
                    break;
            }
            Assert.Equal(model.Count, table.Count);
        }
        Assert.All(held, one => Assert.Equal(one.Expected, one.Held.Rows.InOrder().Select(number => KeyValuePair.Create(KeyOf(one.Held, number), one.Held[number]))));
        Assert.Equal(model, table.Hold().OrderBy(row => row.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_that_come_nearly_in_order_lie_in_order()
    {
        var (random, table) = (new Random(7), Empty());
        var keys = Enumerable.Range(0, 5_000).Select(i => $"{i * 10:d6}").ToArray();
        foreach (var key in keys.OrderBy(key => int.Parse(key) + random.Next(400)))
            table.Set(key, key);
        Assert.Equal(keys, table.Page("", null, int.MaxValue));
    }

    [Fact]
    public void A_row_may_be_larger_than_a_block()
    {
        var table = Empty();
        string[] rows = ["small", new('x', 100_000), new('y', 60_000), new('z', 60_000)];
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < rows.Length; i++)
                table.Set($"{i}", rows[i]);
        }
        Assert.Equal(rows, table.Page("", null, 10));
    }

    [Fact]
    public void Rows_that_are_gone_leave_their_memory()
    {
        var (table, octets) = (Empty(), new string('x', 1_000));
        table.Set("stays", octets);
        Replace(table, 200, octets);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Replace(table, 20_000, octets);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 2_000_000);
        Assert.Equal(octets, table.Find("stays"));
        GC.KeepAlive(table);
    }

    private static void Replace(PackedTable<string> table, int times, string row)
    {
        for (var i = 0; i < times; i++)
        {
            table.Set($"one of {i % 100}", row);
            table.Set("comes", row);
            table.Remove("comes");
        }
    }

    private static string KeyOf(PackedTable<string>.Moment held, int number) => System.Text.Encoding.UTF8.GetString(held.Rows.KeyOf(number));

    private static string[] PageOf(SortedDictionary<string, string> model, string prefix, string? after, int limit) =>
        [.. model.Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(row.Key, after ?? "") > 0).Select(row => row.Value).Take(limit)];
}
