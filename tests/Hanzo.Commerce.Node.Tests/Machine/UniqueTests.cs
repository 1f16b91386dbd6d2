using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Machine;

public sealed class UniqueTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 28, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void It_is_a_uuid_of_version_7_that_begins_with_its_time()
    {
        foreach (var later in new[] { 0L, 1, 999, 65_536, 1L << 40 })
        {
            var (unique, known) = (Unique.At(At.AddMilliseconds(later)), Guid.CreateVersion7(At.AddMilliseconds(later)));
            Assert.Equal(known.ToString("n")[..13], unique.ToString("n")[..13]);
            Assert.Equal((7, known.Variant & 0xC), (unique.Version, unique.Variant & 0xC));
        }
    }

    [Fact]
    public void None_comes_twice_on_any_thread()
    {
        var made = new Guid[8][];
        var threads = made.Select((_, number) => new Thread(() => made[number] = [.. Enumerable.Range(0, 2_000).Select(_ => Unique.At(At))])).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(16_000, made.SelectMany(guids => guids).Distinct().Count());
    }
}
