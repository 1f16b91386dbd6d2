using Hanzo.Commerce.Node.Inventory;
using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments;

namespace Hanzo.Commerce.Node.Orders;

/// <summary>
/// What orders do when their reservation or their payment changed: held units are paid for, what is paid for is taken, and
/// what cannot have both gives back what it has. It runs inside the entry that made the change, so there is no moment at
/// which one of the three could say something that another does not know.
/// </summary>
internal static class OrderFlow
{
    /// <summary>No gateway did anything: all is as before, and the key is free again.</summary>
    public static Refused NobodyReached { get; } = new("gateway_unavailable") { FreesKey = true };

    public static Step<CommerceState> Handle(CommerceState state, OrderCommand command, string? key) => command switch
    {
        PlaceOrder place => Place(state, place, key),
        CancelOrder cancel => Cancel(state, cancel, key),
        _ => throw new ArgumentException($"{command.GetType().Name} is not known to orders.", nameof(command)),
    };

    /// <summary>Moves every order whose reservation or payment was touched, until none is.</summary>
    public static CommerceState Follow(CommerceState state)
    {
        while (state.Inventory.TouchedOrders.Union(state.Payments.TouchedOrders) is { IsEmpty: false } touched)
        {
            state = state with { Inventory = state.Inventory.Untouched(), Payments = state.Payments.Untouched() };
            foreach (var key in touched)
                state = Follow(state, state.Orders.Find(key));
        }
        return state;
    }

    /// <summary>What a request is told that placed this order.</summary>
    public static Reply Tell(Order order) => order.Status switch
    {
        OrderStatus.Reserving or OrderStatus.Authorizing or OrderStatus.Undoing => new Underway(order.Id),
        OrderStatus.Failed => order.Refusal!,
        _ => new OrderReply(order),
    };

    private static Step<CommerceState> Place(CommerceState state, PlaceOrder place, string? key)
    {
        if (state.Orders.Find(Order.KeyOf(place.Merchant, place.Id)) is { } existing)
            return new(state, Tell(existing));
        if (place.Cart is { } cart && state.LiveOrderOf(place.Merchant, cart.Id) is { } first)
            return new(state, new Refused("cart_ordered") { Order = first.Id });
        if (place.Gateways.IsEmpty)
            return new(state, new Refused("no_gateway"));
        var reserved = state.Inventory.Handle(place.Reserve, null, state.Clock);
        if (reserved.Reply is Refused)
            return new(state, reserved.Reply);

        var order = new Order(
            place.Id, place.Merchant, place.Items, place.Total, place.Reserve.Id, place.PaymentId, place.Method, place.Country, place.Gateways, OrderStatus.Reserving, state.Clock)
        {
            UpdatedAt = state.Clock,
            Key = key,
            Cart = place.Cart,
        };
        var placed = Follow(Keep(state with { Inventory = reserved.State }, order));
        return new(placed, Tell(placed.Orders.Find(Order.KeyOf(order.Merchant, order.Id))!));
    }

    private static Step<CommerceState> Cancel(CommerceState state, CancelOrder cancel, string? key)
    {
        if (state.Orders.Find(Order.KeyOf(cancel.Merchant, cancel.Id)) is not { IsPublic: true } order)
            return new(state, new Refused("order_not_found"));
        var payment = PaymentOf(state, order);
        switch (order.Status)
        {
            case OrderStatus.Canceled:
                return new(state, new OrderReply(order));
            case OrderStatus.Authorizing or OrderStatus.Undoing or OrderStatus.Canceling:
                return new(state, new Refused("order_busy"));
            case OrderStatus.Confirmed or OrderStatus.RequiresAction when payment.Pending is not null:
                return new(state, new Refused("payment_busy"));
            case OrderStatus.Confirmed or OrderStatus.RequiresAction when payment.Allowed.Contains(TransactionKind.Void):
                var canceling = Keep(state, Next(state, order) with { Status = OrderStatus.Canceling, BeforeCancel = order.Status, CancelKey = key });
                return new(BeginVoid(canceling, order, isAttended: true), new Underway(order.Id));
            case OrderStatus.Confirmed when payment.Status is PaymentStatus.Expired or PaymentStatus.Failed or PaymentStatus.Refunded:
                var canceled = Canceled(state, order);
                return new(canceled, new OrderReply(canceled.Orders.Find(Order.KeyOf(order.Merchant, order.Id))!));
            default:
                return new(state, new Refused("order_not_cancelable"));
        }
    }

    private static CommerceState Follow(CommerceState state, Order? order) => order?.Status switch
    {
        OrderStatus.Reserving => FollowReservation(state, order, ReservationOf(state, order)),
        OrderStatus.Authorizing or OrderStatus.RequiresAction => FollowPayment(state, order, PaymentOf(state, order)),
        OrderStatus.Undoing when PaymentOf(state, order).Pending is null => Failed(state, order, order.Refusal!),
        OrderStatus.Canceling => FollowVoid(state, order, PaymentOf(state, order)),
        OrderStatus.Confirmed when PaymentOf(state, order).Status == PaymentStatus.Voided => Canceled(state, order),
        _ => state,
    };

    private static CommerceState FollowReservation(CommerceState state, Order order, Reservation reservation)
    {
        if (reservation.Status == ReservationStatus.Holding)
            return state;
        if (reservation.Status != ReservationStatus.Held)
        {
            state.Orders.Remove(Order.KeyOf(order.Merchant, order.Id));
            return Complete(state, order.Key, reservation.Refusal!);
        }

        var authorizing = Keep(state, Next(state, order) with { Status = OrderStatus.Authorizing });
        var created = authorizing.Payments.Handle(new CreatePayment(order.PaymentId, order.Merchant, order.Total, order.Method, order.Country, order.Id), null, state.Clock);
        var begun = created.State.Handle(new BeginTransaction(order.Merchant, order.PaymentId, TransactionKind.Authorize, null, null, order.Gateways), null, state.Clock);
        return authorizing with { Payments = begun.State };
    }

    private static CommerceState FollowPayment(CommerceState state, Order order, Payment payment)
    {
        if (payment.Pending is not null)
            return state;
        var isHeld = ReservationOf(state, order).Status == ReservationStatus.Held;
        return payment.Status switch
        {
            PaymentStatus.Authorized when isHeld => Confirmed(state, order),
            PaymentStatus.RequiresAction when isHeld => AskCustomer(state, order, payment),
            PaymentStatus.Authorized or PaymentStatus.RequiresAction =>
                BeginVoid(Keep(state, Next(state, order) with { Status = OrderStatus.Undoing, Refusal = new Refused("reservation_expired") }), order, isAttended: false),
            PaymentStatus.RequiresPayment => Failed(state, order, NobodyReached),
            PaymentStatus.Voided => Canceled(state, order),
            _ => Failed(state, order, new Refused("payment_declined") { Reason = payment.Authorization?.Code }),
        };
    }

    private static CommerceState FollowVoid(CommerceState state, Order order, Payment payment)
    {
        if (payment.Pending is not null)
            return state;
        if (payment.Status == PaymentStatus.Voided)
            return Canceled(state, order);

        var last = payment.Transactions.LastOrDefault(transaction => transaction.Kind == TransactionKind.Void);
        var refusal = last?.Status == TransactionStatus.NotDone ? NobodyReached : new Refused("payment_declined") { Reason = last?.Code };
        var uncanceled = Next(state, order) with { Status = order.BeforeCancel, CancelKey = null };
        return Follow(Complete(Keep(state, uncanceled), order.CancelKey, refusal), uncanceled);
    }

    private static CommerceState AskCustomer(CommerceState state, Order order, Payment payment)
    {
        if (order.Status == OrderStatus.RequiresAction)
            return state;
        var asking = Next(state, order) with { Status = OrderStatus.RequiresAction, ActionUrl = payment.Authorization!.ActionUrl, Key = null };
        return Complete(Keep(state, asking), order.Key, new OrderReply(asking));
    }

    private static CommerceState Confirmed(CommerceState state, Order order)
    {
        var confirmed = Next(state, order) with { Status = OrderStatus.Confirmed, Key = null, ActionUrl = null };
        var taken = state.Inventory.Handle(new CommitReservation(order.Merchant, order.ReservationId, order.Id), null, state.Clock);
        return Complete(Keep(state with { Inventory = taken.State }, confirmed), order.Key, new OrderReply(confirmed));
    }

    private static CommerceState Canceled(CommerceState state, Order order)
    {
        var canceled = Next(state, order) with { Status = OrderStatus.Canceled, Key = null, CancelKey = null, ActionUrl = null };
        var given = Complete(Keep(GiveBack(state, order), canceled), order.Key, new OrderReply(canceled));
        return Complete(given, order.CancelKey, new OrderReply(canceled));
    }

    private static CommerceState Failed(CommerceState state, Order order, Refused refusal)
    {
        var failed = Keep(GiveBack(state, order), Next(state, order) with { Status = OrderStatus.Failed, Refusal = refusal, Key = null, ActionUrl = null });
        var ended = Complete(failed, order.Key, refusal);
        // A payment that no gateway took up ends with its order; nobody is asked for that.
        return PaymentOf(ended, order).Status == PaymentStatus.RequiresPayment ? BeginVoid(ended, order, isAttended: true) : ended;
    }

    /// <summary>Units that are held are free again, units that were taken come back.</summary>
    private static CommerceState GiveBack(CommerceState state, Order order) => ReservationOf(state, order).Status switch
    {
        ReservationStatus.Held => state with { Inventory = state.Inventory.Handle(new ReleaseReservation(order.Merchant, order.ReservationId, order.Id), null, state.Clock).State },
        ReservationStatus.Committed => state with { Inventory = state.Inventory.Handle(new ReturnReservation(order.Merchant, order.ReservationId, order.Id), null, state.Clock).State },
        _ => state,
    };

    private static CommerceState BeginVoid(CommerceState state, Order order, bool isAttended) => state with
    {
        Payments = state.Payments.Handle(new BeginTransaction(order.Merchant, order.PaymentId, TransactionKind.Void, null, null, []) { IsUnattended = !isAttended }, null, state.Clock).State,
    };

    private static Order Next(CommerceState state, Order order) => order with { Version = order.Version + 1, UpdatedAt = state.Clock };

    private static CommerceState Keep(CommerceState state, Order order)
    {
        var key = Order.KeyOf(order.Merchant, order.Id);
        state.Orders.Set(key, order);
        if (order.Cart is { } cart)
            state.OrdersOfCarts[Order.KeyOf(order.Merchant, cart.Id)] = order.Id;
        return order.IsPublic ? state with { ChangedOrders = state.ChangedOrders.Add(key) } : state;
    }

    private static CommerceState Complete(CommerceState state, string? key, Reply reply)
    {
        if (key is not null)
            state.Keys.Complete(key, reply);
        return state;
    }

    private static Reservation ReservationOf(CommerceState state, Order order) => state.Inventory.Reservations.Find(Reservation.KeyOf(order.Merchant, order.ReservationId))!;

    private static Payment PaymentOf(CommerceState state, Order order) => state.Payments.All.Find(Payment.KeyOf(order.Merchant, order.PaymentId))!;
}
