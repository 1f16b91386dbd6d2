using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Orders;
using Hanzo.Commerce.Node.Payments;
using Hanzo.Commerce.Node.Webhooks;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// What is written in the log: everything that its effect follows from, together with the state and the time of the entry.
/// The names are part of the log's format and never change; a member that is added has a default.
/// </summary>
[JsonDerivedType(typeof(Advance), "advance")]
[JsonDerivedType(typeof(PutStock), "put_stock")]
[JsonDerivedType(typeof(AdjustStock), "adjust_stock")]
[JsonDerivedType(typeof(Reserve), "reserve")]
[JsonDerivedType(typeof(DecideReservation), "decide_reservation")]
[JsonDerivedType(typeof(CommitReservation), "commit_reservation")]
[JsonDerivedType(typeof(ReleaseReservation), "release_reservation")]
[JsonDerivedType(typeof(HoldPart), "hold_part")]
[JsonDerivedType(typeof(SettlePart), "settle_part")]
[JsonDerivedType(typeof(PartSettled), "part_settled")]
[JsonDerivedType(typeof(ReturnReservation), "return_reservation")]
[JsonDerivedType(typeof(ReturnPart), "return_part")]
[JsonDerivedType(typeof(PlaceOrder), "place_order")]
[JsonDerivedType(typeof(CancelOrder), "cancel_order")]
[JsonDerivedType(typeof(AddWebhook), "add_webhook")]
[JsonDerivedType(typeof(RemoveWebhook), "remove_webhook")]
[JsonDerivedType(typeof(CopyWebhook), "copy_webhook")]
[JsonDerivedType(typeof(WebhookCopied), "webhook_copied")]
[JsonDerivedType(typeof(SettleDelivery), "settle_delivery")]
[JsonDerivedType(typeof(CreatePayment), "create_payment")]
[JsonDerivedType(typeof(BeginTransaction), "begin_transaction")]
[JsonDerivedType(typeof(SettleTransaction), "settle_transaction")]
[JsonDerivedType(typeof(HearGateway), "hear_gateway")]
internal abstract record Command;

/// <summary>Lets time pass: what is due happens without waiting for the next command.</summary>
internal sealed record Advance : Command;
