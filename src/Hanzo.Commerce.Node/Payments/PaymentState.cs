using System.Collections.Immutable;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

/// <summary>The payments of one shard, and what each command makes of them.</summary>
/// <param name="Expiries">When authorizations run out, with the key of their payment.</param>
/// <param name="Open">Keys of payments with a transaction under way.</param>
internal sealed partial record PaymentState(
    Table<Payment> All,
    SortedSet<(DateTimeOffset At, string Key)> Expiries,
    ImmutableSortedSet<string> Open)
{
    /// <summary>Keys of payments that came to another state or amount in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> Changed { get; init; } = NoKeys;

    /// <summary>How long the one who began a transaction may take before others ask the gateway about it: longer than a call's own time limit.</summary>
    public static readonly TimeSpan CallersTime = TimeSpan.FromSeconds(12);

    private static readonly ImmutableSortedSet<string> NoKeys = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public static PaymentState Empty() => new(new(), new(ByTime), NoKeys);

    /// <summary>Keys of orders whose payment changed in this entry. Empty between two entries.</summary>
    public ImmutableSortedSet<string> TouchedOrders { get; init; } = NoKeys;

    private static IComparer<(DateTimeOffset At, string Key)> ByTime { get; } = Comparer<(DateTimeOffset At, string Key)>.Create((one, other) =>
        one.At != other.At ? one.At.CompareTo(other.At) : string.CompareOrdinal(one.Key, other.Key));

    public DateTimeOffset? NextDue => Expiries.Count == 0 ? null : Expiries.Min.At;

    /// <summary>The state of these payments, as a snapshot holds them.</summary>
    public static PaymentState Of(IEnumerable<Payment> payments) => payments.Aggregate(Empty(), (state, payment) => state.Keep(payment)).Untouched().Unchanged();

    /// <param name="key">The idempotency key that the command came with, or null.</param>
    public Step<PaymentState> Handle(PaymentCommand command, string? key, DateTimeOffset at) => command switch
    {
        CreatePayment create => Create(create, at),
        BeginTransaction begin => Begin(begin, key, at),
        SettleTransaction settle => Settle(settle.Merchant, settle.Id, settle.Number, settle.Result, at),
        HearGateway hear => Hear(hear, at),
        _ => throw new ArgumentException($"{command.GetType().Name} is not known to payments.", nameof(command)),
    };

    public PaymentState Untouched() => TouchedOrders.IsEmpty ? this : this with { TouchedOrders = NoKeys };

    public PaymentState Unchanged() => Changed.IsEmpty ? this : this with { Changed = NoKeys };

    public PaymentState Advance(DateTimeOffset at)
    {
        var state = this;
        while (Expiries.Count > 0 && Expiries.Min is var due && due.At <= at)
        {
            Expiries.Remove(due);
            if (state.All.Find(due.Key) is { Status: PaymentStatus.Authorized or PaymentStatus.PartiallyCaptured } payment)
                state = state.Keep(payment with { ExpiredAt = due.At }, at);
        }
        return state;
    }

    private Step<PaymentState> Create(CreatePayment create, DateTimeOffset at)
    {
        if (All.Find(Payment.KeyOf(create.Merchant, create.Id)) is { } existing)
            return new(this, new PaymentReply(existing));
        var payment = new Payment(create.Id, create.Merchant, create.Amount, create.Method, create.Country, at) { UpdatedAt = at, Order = create.Order };
        return new(Keep(payment), new PaymentReply(payment));
    }

    private PaymentState Keep(Payment payment, DateTimeOffset at) => Keep(payment with { UpdatedAt = at, Version = payment.Version + 1 });

    private PaymentState Keep(Payment payment)
    {
        var key = Payment.KeyOf(payment.Merchant, payment.Id);
        var before = All.Find(key);
        All.Set(key, payment);
        if (payment is { ExpiredAt: null, Status: PaymentStatus.Authorized or PaymentStatus.PartiallyCaptured, Authorization: { } authorization })
            Expiries.Add((authorization.At + Payment.AuthorizationLife, key));
        return this with
        {
            Changed = IsNews(before, payment) ? Changed.Add(key) : Changed,
            TouchedOrders = payment.Order is { } order ? TouchedOrders.Add($"{payment.Merchant}/{order}") : TouchedOrders,
            Open = payment.Pending is null ? Open.Remove(key) : Open.Add(key),
        };
    }

    /// <summary>That a gateway is being asked is none.</summary>
    private static bool IsNews(Payment? before, Payment after) =>
        after.Pending is null && (before?.Status, before?.Captured, before?.Refunded) != (after.Status, after.Captured, after.Refunded);

    private PaymentState Replace(Payment payment, Transaction transaction, DateTimeOffset at) =>
        Keep(payment with { Transactions = payment.Transactions.SetItem(transaction.Number - 1, transaction) }, at);

    private PaymentReply Tell(Payment payment) => new PaymentReply(All.Find(Payment.KeyOf(payment.Merchant, payment.Id))!);
}
