using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>What can be read from a shard.</summary>
[JsonDerivedType(typeof(FindStock), "find_stock")]
[JsonDerivedType(typeof(ListStock), "list_stock")]
[JsonDerivedType(typeof(FindReservation), "find_reservation")]
[JsonDerivedType(typeof(ListReservations), "list_reservations")]
[JsonDerivedType(typeof(FindPayment), "find_payment")]
[JsonDerivedType(typeof(ListPayments), "list_payments")]
[JsonDerivedType(typeof(FindOrder), "find_order")]
[JsonDerivedType(typeof(ListOrders), "list_orders")]
[JsonDerivedType(typeof(FindWebhook), "find_webhook")]
[JsonDerivedType(typeof(ListWebhooks), "list_webhooks")]
[JsonDerivedType(typeof(FindDeliveries), "find_deliveries")]
[JsonDerivedType(typeof(FindKey), "find_key")]
[JsonDerivedType(typeof(FindWork), "find_work")]
internal abstract record Question
{
    /// <summary>Answers from one state, whole: nothing changes while it is read.</summary>
    public abstract Reply Answer(CommerceState state);
}

/// <summary>A page of what one merchant has, in order of the keys.</summary>
/// <param name="After">The last name of the page before, or null for the first page.</param>
internal abstract record ListQuestion(string Merchant, string? After, int Limit) : Question
{
    [JsonIgnore]
    protected string Prefix => $"{Merchant}/";

    [JsonIgnore]
    protected string? AfterKey => After is null ? null : Prefix + After;
}

/// <summary>What somebody has to do or to let happen for this shard.</summary>
internal sealed record FindWork(int Limit) : Question
{
    public override Reply Answer(CommerceState state) => new Work(state.NextDue)
    {
        Reservations = [.. state.Inventory.OpenReservations.Take(Limit).Select(key => state.Inventory.Reservations.Find(key)!)],
        Parts = [.. state.Inventory.OverdueParts.Take(Limit).Select(key => state.Inventory.Parts.Find(key)!)],
        Webhooks = [.. state.Webhooks.Unsettled.Take(Limit).Select(key => state.Webhooks.Endpoints.Find(key)!)],
        Payments = [.. state.Payments.Open.Take(Limit).Select(key => state.Payments.All.Find(key)!)],
    };
}

/// <summary>How a key was used in this shard.</summary>
internal sealed record FindKey(string Id) : Question
{
    public override Reply Answer(CommerceState state) => state.Keys.Find(Id) is { } known ? new KeyReply(known.Fingerprint, known.Answer) : new KeyReply(null);
}
