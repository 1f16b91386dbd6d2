using System.Net;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Tests.Consensus;

public sealed class LeaderClientTests
{
    private static readonly Peer Leader = new("eu-west-1", new Uri("http://127.0.0.1:1"));

    [Fact]
    public async Task A_question_that_the_other_node_does_not_lead_has_no_answer_rather_than_an_empty_one()
    {
        Assert.Null(await Read(new HttpResponseMessage(HttpStatusCode.MisdirectedRequest)));
        Assert.Null(await Read(new HttpResponseMessage(HttpStatusCode.InternalServerError)));
        Assert.Equal("yes"u8.ToArray(), (await Read(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent("yes"u8.ToArray()) }))!.Value.ToArray());
    }

    [Fact]
    public async Task A_command_that_the_other_node_does_not_lead_may_be_tried_again()
    {
        using var http = new HttpMessageInvoker(new Answering(new HttpResponseMessage(HttpStatusCode.MisdirectedRequest)));
        Assert.Null(await Client(http).Submit(Leader, 0, "do"u8.ToArray(), TimeSpan.FromSeconds(5), Forever, CancellationToken.None));
    }

    [Fact]
    public async Task A_leader_without_room_is_told_apart_from_one_that_nobody_reaches()
    {
        using var full = new HttpMessageInvoker(new Answering(new HttpResponseMessage(HttpStatusCode.InsufficientStorage)));
        Assert.Equal(new SubmitOutcome.NotApplied(TimeSpan.FromSeconds(1), IsDiskFull: true), await Client(full).Submit(Leader, 0, "do"u8.ToArray(), TimeSpan.FromSeconds(5), Forever, CancellationToken.None));
    }

    [Fact]
    public async Task A_fault_of_the_other_node_says_nothing_of_what_became_of_a_command()
    {
        using var http = new HttpMessageInvoker(new Answering(new HttpResponseMessage(HttpStatusCode.InternalServerError)));
        Assert.IsType<SubmitOutcome.Unknown>(await Client(http).Submit(Leader, 0, "do"u8.ToArray(), TimeSpan.FromSeconds(5), Forever, CancellationToken.None));
    }

    private static Task Forever => new TaskCompletionSource().Task;

    private static async Task<ReadOnlyMemory<byte>?> Read(HttpResponseMessage response)
    {
        using var http = new HttpMessageInvoker(new Answering(response));
        return await Client(http).Read(Leader, 0, "who"u8.ToArray(), TimeSpan.FromSeconds(5), Forever, CancellationToken.None);
    }

    private static LeaderClient Client(HttpMessageInvoker http) => new(new ReplicationOptions { Cluster = "test", Self = "us-east-1", Peers = [Leader] }, http, TimeProvider.System);

    private sealed class Answering(HttpResponseMessage response) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(response);
    }
}
