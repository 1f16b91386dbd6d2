using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Serving;
using Hanzo.Commerce.Node.Tests.Replication;
using Hanzo.Sockets;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Commerce.Node.Tests.Serving;

public sealed class ShortStepsTests
{
    [Fact]
    public async Task A_request_of_a_short_route_stays_on_the_sockets_thread()
    {
        var context = new DefaultHttpContext();
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(ShortSteps.Mark), "short"));
        Assert.True(await OnSocketThread(() => Serve(context)));
    }

    [Fact]
    public async Task Every_other_request_leaves_it()
    {
        var context = new DefaultHttpContext();
        Assert.False(await OnSocketThread(() => Serve(context)));
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(), "any"));
        Assert.False(await OnSocketThread(() => Serve(context)));
    }

    [Fact]
    public async Task Who_is_on_another_thread_stays_there()
    {
        var thread = Environment.CurrentManagedThreadId;
        await SocketThread.Leave();
        Assert.Equal(thread, Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task A_cart_that_memory_knows_is_found_at_once_and_another_one_in_the_pool()
    {
        await using var nodes = await ThreeNodes.Start(0);
        var known = (await nodes.CartsOf(0).Create(Cart.NewId(Guid.NewGuid()), "ann", null)).Id;
        Assert.True(await OnSocketThread(() => Finds(nodes.CartsOf(0), known)));
        Assert.False(await OnSocketThread(() => Finds(nodes.CartsOf(0), Cart.NewId(Guid.NewGuid()))));
    }

    private static async Task<bool> Serve(HttpContext context)
    {
        var stayed = false;
        await ShortSteps.Pass(context, _ =>
        {
            stayed = SocketThread.IsCurrent;
            return Task.CompletedTask;
        });
        return stayed;
    }

    private static async Task<bool> Finds(CartBook carts, string id)
    {
        await carts.Find(id);
        return SocketThread.IsCurrent;
    }

    /// <summary>Begins something on a thread that is called as those of the sockets are.</summary>
    private static async Task<T> OnSocketThread<T>(Func<Task<T>> begin)
    {
        var begun = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => begun.SetResult(begin())) { Name = SocketThread.Name, IsBackground = true }.Start();
        return await await begun.Task;
    }
}
