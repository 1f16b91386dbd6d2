using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Payments;

internal sealed record FindPayment(string Merchant, string Id) : Question
{
    public override Reply Answer(CommerceState state) =>
        state.Payments.All.Find(Payment.KeyOf(Merchant, Id)) is { } payment ? new PaymentReply(payment) : new Refused("payment_not_found");
}

internal sealed record ListPayments(string Merchant, string? After, int Limit) : ListQuestion(Merchant, After, Limit)
{
    public override Reply Answer(CommerceState state) => new PaymentPage(state.Payments.All.Page(Prefix, AfterKey, Limit));
}
