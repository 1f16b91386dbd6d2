using System.Buffers;
using System.Buffers.Binary;
using Hanzo.Commerce.Node.Consensus.Mesh;

namespace Hanzo.Commerce.Node.Tests.Consensus.Mesh;

public sealed class FrameQueueTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_many_add_while_others_are_sent_leaves_once_and_in_each_ones_order(bool sendsAtOnce)
    {
        const int writers = 4, each = 5_000;
        var queue = new FrameQueue(sendsAtOnce);
        var sent = new List<int>();
        var sending = queue.Send(
            async (frames, _) =>
            {
                for (var at = 0; at < frames.Length; at += sizeof(int))
                    sent.Add(BinaryPrimitives.ReadInt32LittleEndian(frames.Span[at..]));
                await Task.Yield();
            },
            CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
                Assert.True(queue.TryAdd(writer * each + i, Write));
        })));
        await Eventually(() => sent.Count == writers * each);
        queue.Complete();
        await sending;
        Assert.All(Enumerable.Range(0, writers), writer => Assert.Equal(Enumerable.Range(writer * each, each), sent.Where(frame => frame / each == writer)));
    }

    [Fact]
    public async Task What_was_added_while_nobody_sent_leaves_with_the_next_connection()
    {
        var queue = new FrameQueue();
        var broken = queue.Send((_, _) => throw new IOException("the connection ended"), CancellationToken.None);
        queue.TryAdd(1, Write);
        await Assert.ThrowsAsync<IOException>(() => broken);
        queue.TryAdd(2, Write);
        queue.Clear();
        queue.TryAdd(3, Write);

        var sent = new TaskCompletionSource<byte[]>();
        var sending = queue.Send(
            (frames, _) =>
            {
                sent.SetResult(frames.ToArray());
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        Assert.Equal([3, 0, 0, 0], await sent.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        queue.Complete();
        await sending;
    }

    private static void Write(IBufferWriter<byte> to, int frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(sizeof(int)), frame);
        to.Advance(sizeof(int));
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 1_000, "a frame was never sent");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }
}
