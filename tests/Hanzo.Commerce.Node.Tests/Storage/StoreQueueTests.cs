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
    public async Task After_many_were_answered_as_many_are_waited_for()
    {
        var queue = new StoreQueue(100, Long);
        await Put(queue, 1);

        var waiting = Task.Run(() => queue.Wait(answeredLast: 20));
        await Put(queue, 18);
        Assert.False(waiting.IsCompleted);
        await Put(queue, 1);

        Assert.True(await waiting);
        Assert.Equal(20, TakeAll(queue));
    }

    [Fact]
    public async Task More_are_waited_for_only_a_moment()
    {
        var queue = new StoreQueue(100, TimeSpan.FromMilliseconds(1));
        await Put(queue, 1);

        Assert.True(queue.Wait(answeredLast: 20));
        Assert.Equal(1, TakeAll(queue));
    }

    [Fact]
    public async Task After_few_were_answered_none_are_waited_for()
    {
        var queue = new StoreQueue(100, Long);
        await Put(queue, 1);

        Assert.True(queue.Wait(answeredLast: 7));
    }

    [Fact]
    public async Task What_came_before_the_end_is_done_before_it()
    {
        var queue = new StoreQueue(100, Long);
        await Put(queue, 2);
        queue.End();

        Assert.True(queue.Wait(answeredLast: 20));
        Assert.Equal(2, TakeAll(queue));
        Assert.False(queue.Wait(answeredLast: 2));
        await Assert.ThrowsAsync<System.Threading.Channels.ChannelClosedException>(() => Put(queue, 1));
    }

    [Fact]
    public async Task Who_waits_for_something_to_do_is_woken_by_the_first_and_by_the_end()
    {
        var queue = new StoreQueue(100, Long);

        var first = Task.Run(() => queue.Wait(answeredLast: 0));
        await Put(queue, 1);
        Assert.True(await first);
        TakeAll(queue);
        var end = Task.Run(() => queue.Wait(answeredLast: 1));
        queue.End();
        Assert.False(await end);
    }
}
