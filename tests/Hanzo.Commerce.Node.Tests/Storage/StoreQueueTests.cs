using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Storage;

public sealed class StoreQueueTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static async Task Put(StoreQueue queue, int count)
    {
        for (var number = 0; number < count; number++)
            await queue.Put(new StoreWork<int>(_ => 0), default);
    }

    private static int TakeAll(StoreQueue queue)
    {
        var count = 0;
        while (queue.TryTake(out _))
            count++;
        return count;
    }

    [Fact]
    public async Task While_many_are_synced_as_many_are_waited_for()
    {
        var queue = new StoreQueue(100, Long, () => 20);
        await Put(queue, 1);

        var waiting = Task.Run(queue.Wait);
        await Put(queue, 18);
        Assert.False(waiting.IsCompleted);
        await Put(queue, 1);

        Assert.True(await waiting);
        Assert.Equal(20, TakeAll(queue));
    }

    [Fact]
    public async Task When_their_sync_has_ended_no_more_are_waited_for()
    {
        var unanswered = 20;
        var asked = new TaskCompletionSource();
        var queue = new StoreQueue(100, Long, () =>
        {
            asked.TrySetResult();
            return Volatile.Read(ref unanswered);
        });
        await Put(queue, 1);

        var waiting = Task.Run(queue.Wait);
        await asked.Task;
        Volatile.Write(ref unanswered, 5);
        queue.Answered();
        await Put(queue, 3);
        Assert.False(waiting.IsCompleted);
        Volatile.Write(ref unanswered, 0);
        queue.Answered();

        Assert.True(await waiting);
        Assert.Equal(4, TakeAll(queue));
    }

    [Fact]
    public async Task More_are_waited_for_only_a_moment()
    {
        var queue = new StoreQueue(100, TimeSpan.FromMilliseconds(1), () => 20);
        await Put(queue, 1);

        Assert.True(queue.Wait());
        Assert.Equal(1, TakeAll(queue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_comes_alone_never_waits(int unanswered)
    {
        var queue = new StoreQueue(100, Long, () => unanswered);
        await Put(queue, 1);

        Assert.True(queue.Wait());
    }

    [Fact]
    public async Task What_came_before_the_end_is_done_before_it()
    {
        var queue = new StoreQueue(100, Long, () => 20);
        await Put(queue, 2);
        queue.End();

        Assert.True(queue.Wait());
        Assert.Equal(2, TakeAll(queue));
        Assert.False(queue.Wait());
        await Assert.ThrowsAsync<System.Threading.Channels.ChannelClosedException>(() => Put(queue, 1));
    }

    [Fact]
    public async Task Who_waits_for_something_to_do_is_woken_by_the_first_and_by_the_end()
    {
        var queue = new StoreQueue(100, Long, () => 0);

        var first = Task.Run(queue.Wait);
        await Put(queue, 1);
        Assert.True(await first);
        TakeAll(queue);
        var end = Task.Run(queue.Wait);
        queue.End();
        Assert.False(await end);
    }
}
