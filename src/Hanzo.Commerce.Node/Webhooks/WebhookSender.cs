using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>
/// Sends what is due in the shards that this node leads. A message is taken from the log only after its hearer said yes, so
/// a leader that dies in between leaves it for the next one, who sends it again: at least once.
/// </summary>
internal sealed class WebhookSender(CommerceShards shards, HttpMessageInvoker http, TimeProvider time, ILogger<WebhookSender> log)
    : LeaderRounds(shards, time, log)
{
    private const int MaxUnderWay = 64;

    /// <summary>Of those, to one endpoint: a slow one must not keep the others waiting.</summary>
    private const int MaxToOne = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, (string Endpoint, Task Sending)> _underWay = new(StringComparer.Ordinal);

    /// <summary>Everything that is under way.</summary>
    public Task UnderWay => Task.WhenAll(_underWay.Values.Select(one => one.Sending));

    protected override async Task Do(int shard, CancellationToken cancellation)
    {
        if ((await Shards.Ask(shard, new FindDeliveries(Time.GetUtcNow(), 4 * MaxUnderWay), Consistency.Local, cancellation)).Reply is not DueDeliveries due)
            return;
        foreach (var (delivery, endpoint) in due.Deliveries)
        {
            if (_underWay.Count >= MaxUnderWay)
                return;
            if (_underWay.ContainsKey(delivery.Key) || _underWay.Values.Count(one => one.Endpoint == endpoint.Id) >= MaxToOne)
                continue;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _underWay[delivery.Key] = (endpoint.Id, done.Task);
            _ = Carry(shard, delivery, endpoint, done, cancellation);
        }
    }

    private async Task Carry(int shard, WebhookDelivery delivery, WebhookEndpoint endpoint, TaskCompletionSource done, CancellationToken cancellation)
    {
        try
        {
            var error = await Send(delivery, endpoint, cancellation);
            if (error is not null && delivery.Attempts >= WebhookDelivery.Pauses.Length)
                Log.GivenUp(delivery.MessageId, error);
            await Shards.Do(shard, new SettleDelivery(delivery.Key, delivery.Attempts, error), cancellation);
        }
        catch (Exception fault)
        {
            if (!cancellation.IsCancellationRequested)
                Log.SendingFailed(fault, delivery.MessageId);
        }
        finally
        {
            _underWay.TryRemove(delivery.Key, out _);
            done.SetResult();
        }
    }

    /// <returns>Why it was not taken, or null.</returns>
    private async Task<string?> Send(WebhookDelivery delivery, WebhookEndpoint endpoint, CancellationToken cancellation)
    {
        var (body, at) = (WebhookMessage.BodyOf(delivery), Time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers =
            {
                { "webhook-id", delivery.MessageId },
                { "webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", WebhookSignature.Of(endpoint.Secret, delivery.MessageId, at, body) },
            },
        };
        using var patience = new CancellationTokenSource(Patience, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            // Only the status counts; what else is answered is not read.
            using var response = await http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (HttpRequestException unreachable)
        {
            return unreachable.Message;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }
}
