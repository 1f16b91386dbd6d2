using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Hanzo.Drills.Torture;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Drills.Tests.Torture;

public sealed class CartFillingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, "units acknowledged")]
    [InlineData(1, "asked for")]
    public async Task What_was_acknowledged_must_be_there_and_no_more_than_was_asked_for(int off, string? why)
    {
        var told = await Filled(new Nodes { Off = off });

        if (why is null)
            Assert.Null(told);
        else
            Assert.Contains(why, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_acknowledged_may_be_there_or_not()
    {
        Assert.Null(await Filled(new Nodes { Answers = number => number % 3 == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK }));
        Assert.Null(await Filled(new Nodes { Answers = number => number % 3 == 0 ? null : HttpStatusCode.OK }));
    }

    [Fact]
    public async Task Nodes_that_go_on_to_differ_are_told_of() =>
        Assert.Contains("still say different things", await Filled(new Nodes { Differ = true }), StringComparison.Ordinal);

    private static async Task<string?> Filled(Nodes nodes)
    {
        var time = new FakeTimeProvider();
        using var client = new HttpClient(nodes);
        var filling = (await Done(CartFilling.Make(["http://a", "http://b"], Second, client, time, CancellationToken.None), time))!;
        nodes.IsMade = true;
        await Done(filling.Fill(Second, CancellationToken.None), time);
        Assert.True(filling.Acknowledged > 0);
        return await Done(filling.WhyNot(CancellationToken.None), time);
    }

    private static async Task<T> Done<T>(Task<T> work, FakeTimeProvider time)
    {
        await Done((Task)work, time);
        return await work;
    }

    private static async Task Done(Task work, FakeTimeProvider time)
    {
        while (!work.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
        await work;
    }

    /// <summary>Two nodes with the same carts. What is not answered well is counted all the same, as one may be that died before its answer.</summary>
    private sealed class Nodes : HttpMessageHandler
    {
        private readonly ConcurrentDictionary<string, int> _units = [];
        private int _asked;

        /// <summary>How many more units a cart is said to have than were asked for.</summary>
        public int Off { get; init; }

        public bool Differ { get; init; }

        /// <summary>Null for a connection that breaks.</summary>
        public Func<int, HttpStatusCode?> Answers { get; init; } = _ => HttpStatusCode.OK;

        public bool IsMade { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (request.Method == HttpMethod.Get)
                return Said(HttpStatusCode.OK, new { lines = new[] { new { quantity = Held(path[2]) + (IsMade ? Off : 0) + (IsMade && Differ && request.RequestUri.Host == "a" ? 1 : 0) } } });
            if (path.Length == 2)
                return Said(HttpStatusCode.Created, new { id = $"cart_{_units.Count}" });
            _units.AddOrUpdate(path[2], 1, (_, units) => units + 1);
            return Answers(Interlocked.Increment(ref _asked)) is { } status ? Said(status, new { }) : throw new HttpRequestException("broke");
        }

        private int Held(string cart) => _units.GetOrAdd(cart, 0);

        private static Task<HttpResponseMessage> Said(HttpStatusCode status, object body) => Task.FromResult(new HttpResponseMessage(status) { Content = JsonContent.Create(body) });
    }
}
