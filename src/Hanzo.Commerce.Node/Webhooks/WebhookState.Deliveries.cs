using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

internal sealed partial record WebhookState
{
    /// <summary>Writes down what happened for everyone who wants to hear of it.</summary>
    public WebhookState Publish(Reply subject, DateTimeOffset at)
    {
        var (merchant, resource, type) = WebhookEvents.Of(subject);
        var state = this;
        foreach (var endpoint in Endpoints.Page($"{merchant}/", null, int.MaxValue).Where(endpoint => endpoint.Wants(type)))
        {
            if (state.Waiting.GetValueOrDefault(endpoint.Id) >= WebhookDelivery.MaxWaiting)
            {
                state = state.Keep(endpoint with { Dropped = endpoint.Dropped + 1 });
                continue;
            }
            var number = state.LastNumber + 1;
            // The resource lies in this shard alone, so its id makes the shard's number unique.
            var delivery = new WebhookDelivery(merchant, endpoint.Id, resource, number, $"msg_{resource}_{number}", type, at, subject, at);
            state = state.Add(delivery) with { LastNumber = number };
        }
        return state;
    }

    private Step<WebhookState> Settle(SettleDelivery settle, DateTimeOffset at)
    {
        if (Deliveries.Find(settle.Key) is not { } delivery || delivery.Attempts != settle.Attempt)
            return new(this, Done.It);
        if (settle.Error is null || delivery.Attempts >= WebhookDelivery.Pauses.Length)
            return new(Take(delivery).StartLane(delivery.Lane, at), Done.It);

        var again = delivery with { Attempts = delivery.Attempts + 1, NextAt = at + WebhookDelivery.Pauses[delivery.Attempts] };
        Deliveries.Set(again.Key, again);
        return new(this with { Due = Due.Remove((delivery.NextAt, delivery.Key)).Add((again.NextAt, again.Key)) }, Done.It);
    }

    private WebhookState Add(WebhookDelivery delivery)
    {
        var isFirst = Deliveries.Page(delivery.Lane, null, 1).IsEmpty;
        Deliveries.Set(delivery.Key, delivery);
        return this with
        {
            Waiting = Waiting.SetItem(delivery.EndpointId, Waiting.GetValueOrDefault(delivery.EndpointId) + 1),
            Due = isFirst ? Due.Add((delivery.NextAt, delivery.Key)) : Due,
        };
    }

    private WebhookState Take(WebhookDelivery delivery)
    {
        var left = Waiting[delivery.EndpointId] - 1;
        Deliveries.Remove(delivery.Key);
        return this with
        {
            Due = Due.Remove((delivery.NextAt, delivery.Key)),
            Waiting = left == 0 ? Waiting.Remove(delivery.EndpointId) : Waiting.SetItem(delivery.EndpointId, left),
        };
    }

    /// <summary>The next message about the same resource may go.</summary>
    private WebhookState StartLane(string lane, DateTimeOffset at)
    {
        if (Deliveries.Page(lane, null, 1) is not [var next])
            return this;
        var started = next with { NextAt = at };
        Deliveries.Set(started.Key, started);
        return this with { Due = Due.Add((at, started.Key)) };
    }

    private WebhookState Drop(string endpoint) =>
        Deliveries.Page($"{endpoint}/", null, int.MaxValue).Aggregate(this, (state, delivery) => state.Take(delivery));
}
