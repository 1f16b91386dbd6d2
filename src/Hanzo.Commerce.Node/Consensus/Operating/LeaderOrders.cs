using System.Net;
using System.Text.Json;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus.Operating;

/// <summary>Carries orders to the leader of a shard, which may be this node.</summary>
internal sealed class LeaderOrders(Replicas replicas, ReplicationOptions options, HttpMessageInvoker http, TimeProvider time)
{
    /// <summary>An election and some.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Gives an order to the leader of every shard, once. The answers are in order of the shards.</summary>
    public Task<OrderAnswer[]> GiveAll(LeaderOrder order, CancellationToken cancellation) =>
        Task.WhenAll(replicas.Groups.Select(group => Give(group.Shard, order, cancellation)));

    /// <summary>Does it here.</summary>
    public static async Task<OrderAnswer> Carry(Group group, LeaderOrder order) => order switch
    {
        HoldOrder hold => await group.Hold(hold.Token, hold.AtMost) is var (index, term)
            ? new OrderAnswer(true, index, term)
            : new OrderAnswer(false, Why: $"shard {group.Shard} is about to change its leader, or another backup is under way"),
        ReleaseOrder release => await group.Release(release.Token)
            ? new OrderAnswer(true)
            : new OrderAnswer(false, Why: $"shard {group.Shard} took commands again before its state was held"),
        AddOrder add => Told(group, await group.Add(add.Name)),
        RemoveOrder remove => Told(group, await group.Remove(remove.Name)),
        _ => throw new ArgumentException($"{order.GetType().Name} is no order to a leader.", nameof(order)),
    };

    /// <summary>Gives an order once. What is not done may be tried again: a leader may be about to change.</summary>
    private async Task<OrderAnswer> Give(int shard, LeaderOrder order, CancellationToken cancellation)
    {
        var group = replicas[shard];
        using var late = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return group.Leads ? await Carry(group, order).WaitAsync(ends.Token)
                : replicas.PeerOf(group.Leader) is { } leader ? await Send(leader, shard, order, ends.Token)
                : new OrderAnswer(false, Why: $"shard {shard} has no leader");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException || broken is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new OrderAnswer(false, Why: $"the leader of shard {shard} does not answer: {broken.Message}");
        }
    }

    private static OrderAnswer Told(Group group, string? unfinished) => new(unfinished is null, Why: unfinished is null ? null : $"shard {group.Shard} {unfinished}");

    private async Task<OrderAnswer> Send(Peer leader, int shard, LeaderOrder order, CancellationToken cancellation)
    {
        using var request = PeerRequest.To(leader, $"/consensus/v1/{shard}/orders", new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(order, OrderJson.Default.LeaderOrder)), options);
        using var response = await http.SendAsync(request, cancellation);
        return response.StatusCode == HttpStatusCode.OK
            ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation), OrderJson.Default.OrderAnswer)!
            : new OrderAnswer(false, Why: $"{leader.Name} answers {(int)response.StatusCode}");
    }
}
