using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Payments;

internal sealed record PaymentReply(Payment Payment) : Reply;

internal sealed record PaymentPage(ImmutableArray<Payment> Payments) : Reply;
