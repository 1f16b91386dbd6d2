using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Sessions;
using Hanzo.Commerce.Node.Tests.Replication;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Commerce.Node.Tests.Sessions;

/// <summary>Every request is a client's, over HTTP, against real nodes.</summary>
public sealed class SessionGateTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private ThreeNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await ThreeNodes.Start();

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _nodes.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_goes_to_another_region_at_once_finds_what_it_wrote()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var (written, read) = (random.Next(3), random.Next(3));
            var (session, path) = await Create(written);
            using var found = await Ask(HttpMethod.Get, read, path, session);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
            Assert.Equal("current", found.Headers.GetValues(SessionGate.StateHeader).Single());
        }
    }

    [Fact]
    public async Task What_a_client_read_in_one_region_it_reads_in_the_next_too()
    {
        var (writer, path) = await Create(0);
        await _nodes.Converge();
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            // Each note is written by someone who has seen the one before, so that none before it can win over it.
            using (var written = await Ask(HttpMethod.Patch, random.Next(3), path, writer, $$"""{"note":"n{{seed}}"}"""))
                writer = written.Headers.GetValues(SessionGate.TokenHeader).Single();
            using var first = await Ask(HttpMethod.Get, random.Next(3), path, null);
            using var second = await Ask(HttpMethod.Get, random.Next(3), path, first.Headers.GetValues(SessionGate.TokenHeader).Single());
            Assert.Equal("current", second.Headers.GetValues(SessionGate.StateHeader).Single());
            Assert.True(NoteOf(await second.Content.ReadAsStringAsync()) >= NoteOf(await first.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task A_peer_that_takes_the_question_and_never_answers_does_not_keep_the_answer_of_another()
    {
        var (session, path) = await Create(1);
        await _nodes.Stop(0);
        await _nodes.Stop(2);
        _nodes.Wipe(2);
        using var silent = new TcpListener(IPAddress.Loopback, _nodes.PeerOf(0).Url.Port);
        silent.Start();
        _nodes.Build(2);
        var gate = new SessionGate(_nodes.StoreOf(2), _nodes.Of<PeerBoard>(2), _nodes.Of<PeerClient>(2), _nodes.Of<EntryIntake>(2), _nodes.Of<ReplicationOptions>(2),
            _nodes.Of<SessionGateOptions>(2) with { Wait = TimeSpan.Zero, Ask = TimeSpan.FromMinutes(5) }, _nodes.Of<SessionMetrics>(2), TimeProvider.System);

        var context = new DefaultHttpContext { Request = { Headers = { [SessionGate.TokenHeader] = session } } };
        var found = default(object);
        await gate.Pass(context, async _ => found = await _nodes.CartsOf(2).Find(path.Split('/')[^1])).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.NotNull(found);
    }

    [Fact]
    public async Task A_region_that_cannot_have_it_says_so_and_soon_and_keeps_it_in_the_token()
    {
        await _nodes.Stop(1);
        await _nodes.Stop(2);
        var (session, path) = await Create(0);
        await _nodes.Stop(0);
        await _nodes.Start(1);

        using var missing = await Ask(HttpMethod.Get, 1, path, session);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal("behind", missing.Headers.GetValues(SessionGate.StateHeader).Single());

        await _nodes.Start(0);
        await _nodes.Converge();
        using var found = await Ask(HttpMethod.Get, 1, path, missing.Headers.GetValues(SessionGate.TokenHeader).Single());
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal("current", found.Headers.GetValues(SessionGate.StateHeader).Single());
    }

    [Fact]
    public async Task A_token_that_is_none_is_told_and_does_no_harm()
    {
        using var answer = await Ask(HttpMethod.Get, 0, "/v1/products", "forged");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("unknown", answer.Headers.GetValues(SessionGate.StateHeader).Single());
    }

    [Fact]
    public async Task A_client_without_a_session_gets_one_and_is_told_no_state()
    {
        using var answer = await Ask(HttpMethod.Get, 0, "/v1/products", null);
        Assert.False(answer.Headers.Contains(SessionGate.StateHeader));
        Assert.NotEmpty(answer.Headers.GetValues(SessionGate.TokenHeader).Single());
    }

    private async Task<(string Session, string Path)> Create(int node)
    {
        using var created = await Ask(HttpMethod.Post, node, "/v1/carts", null, """{"note":"n-1"}""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (created.Headers.GetValues(SessionGate.TokenHeader).Single(), created.Headers.Location!.ToString());
    }

    private async Task<HttpResponseMessage> Ask(HttpMethod method, int node, string path, string? session, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_nodes.AddressOf(node) + path));
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (session is not null)
            request.Headers.Add(SessionGate.TokenHeader, session);
        return await _client.SendAsync(request);
    }

    private static int NoteOf(string cart) => int.Parse(System.Text.Json.JsonDocument.Parse(cart).RootElement.GetProperty("note").GetString()![1..]);
}
