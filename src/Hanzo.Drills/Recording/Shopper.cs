using System.Collections.Immutable;
using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Recording;

/// <summary>One client that takes turns at the same few objects as all others, and writes down what it saw.</summary>
/// <param name="skus">Each reserved by itself.</param>
/// <param name="pairs">Two of which are reserved together.</param>
internal sealed class Shopper(int client, string run, IReadOnlyList<string> skus, IReadOnlyList<string> pairs, Caller caller, History history, Random random, TimeProvider time)
{
    /// <summary>So that the history of one SKU stays as short as a search of its orders needs.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Nodes that have just started may be slow to take the first units.</summary>
    private static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(30);

    private int _keys;

    public async Task Shop(TimeSpan lasts)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < lasts)
        {
            await Next();
            await Task.Delay(Pause, time);
        }
    }

    /// <summary>Puts the first units, as often as it takes to be told that they are there: the same number once more changes nothing.</summary>
    public async Task PutFirst(string on, string sku, long units)
    {
        var called = time.GetTimestamp();
        Ended ended;
        do
            ended = await caller.Send(new(HttpMethod.Put, $"/v1/inventory/{sku}", new { on_hand = units }));
        while (ended.Answer is null && time.GetElapsedTime(called) < FirstWithin);
        history.Add(client, on, "put", ended with { Called = called }, units, History.Stock);
    }

    public Task ReadStock(string sku) => ReadStock($"stock/{sku}", sku);

    public async Task ReadStock(string on, string sku) =>
        history.Add(client, on, "read", await caller.Send(new(HttpMethod.Get, $"/v1/inventory/{sku}")), facts: History.Stock);

    public async Task ReadReservation(string id) =>
        history.Add(client, $"reservation/{id}", "read", await caller.Send(new(HttpMethod.Get, $"/v1/reservations/{id}")), facts: History.Reservation);

    public async Task ReadPayment(string id) =>
        history.Add(client, $"payment/{id}", "read", await caller.Send(new(HttpMethod.Get, $"/v1/payments/{id}")), facts: History.Payment);

    /// <summary>Learns what became of a request that nobody answered, by its key.</summary>
    /// <returns>Whether it was answered now.</returns>
    public async Task<bool> Settle(Unanswered open, TimeSpan patience)
    {
        var again = await caller.Send(open.Request, patience);
        open.Record(again with { Called = open.Ended.Called, MayBeApplied = true });
        history.AddKey(client, open.Request.Key!, again);
        return again.Answer is not null;
    }

    private Task Next()
    {
        var sku = skus[random.Next(skus.Count)];
        return random.Next(14) switch
        {
            0 => ReadStock(sku),
            1 => Count(sku),
            2 => Adjust(sku, random.Next(1, 6)),
            3 => Adjust(sku, -random.Next(1, 3)),
            4 or 5 or 6 => Hold(["stock"], [sku], random.Next(1, 4)),
            7 or 8 or 9 => EndReservation(),
            10 => HoldPair(),
            11 => CreatePayment(),
            _ => MovePayment(),
        };
    }

    /// <summary>Reads what there is and puts one more, against what was read.</summary>
    private async Task Count(string sku)
    {
        var read = await caller.Send(new(HttpMethod.Get, $"/v1/inventory/{sku}"));
        history.Add(client, $"stock/{sku}", "read", read, facts: History.Stock);
        if (read.Answer is not { Done: true } seen)
            return;
        var units = seen.Body.GetProperty("on_hand").GetInt64() + 1;
        history.Add(client, $"stock/{sku}", "put", await caller.Send(new(HttpMethod.Put, $"/v1/inventory/{sku}", new { on_hand = units }, Version: seen.Version)), units, History.Stock, seen.Version);
    }

    private Task Adjust(string sku, long units) =>
        Post($"/v1/inventory/{sku}/adjustments", new { delta = units }, ended => history.Add(client, $"stock/{sku}", "adjust", ended, units, History.Stock));

    private Task HoldPair()
    {
        var first = random.Next(pairs.Count);
        return Hold(["ledger", "ledger"], [pairs[first], pairs[(first + random.Next(1, pairs.Count)) % pairs.Count]], random.Next(1, 4));
    }

    private Task Hold(string[] kinds, string[] held, long units)
    {
        ImmutableArray<string> objects = [.. held.Zip(kinds, (sku, kind) => $"{kind}/{sku}")];
        return Post("/v1/reservations", new { items = held.Select(sku => new { sku, quantity = units }), expires_in = 86_400 }, ended =>
        {
            foreach (var on in objects)
                history.Add(client, on, "hold", ended, units);
            if (ended.Answer is { Done: true } made)
                history.Reservations.Enqueue(new(made.Body.GetProperty("id").GetString()!, objects, units));
        });
    }

    private Task EndReservation()
    {
        if (!history.Reservations.TryDequeue(out var reservation))
            return Task.CompletedTask;
        // To end it once more in the same way is answered like the first time, and would look like a second effect: others try the opposite.
        var call = reservation.TriedBy switch { "commit" => "release", "release" => "commit", _ => random.Next(3) == 0 ? "release" : "commit" };
        history.Ended.Enqueue(reservation.Id);
        if (reservation.TriedBy is null && random.Next(2) == 0)
            history.Reservations.Enqueue(reservation with { TriedBy = call });
        return Post($"/v1/reservations/{reservation.Id}/{call}", null, ended =>
        {
            history.Add(client, $"reservation/{reservation.Id}", call, ended, facts: History.Reservation);
            // A refusal tells of the reservation alone: it was over.
            if (ended.Answer is null or { Done: true })
                foreach (var on in reservation.Objects)
                    history.Add(client, on, call, ended, reservation.Units);
        });
    }

    private Task CreatePayment()
    {
        const long Amount = 100;
        var method = random.Next(6) == 0 ? "card_declined_no_funds" : "card_approve";
        return Post("/v1/payments", new { amount = new { amount = Amount, currency = "EUR" }, payment_method = method }, ended =>
        {
            if (ended.Answer is not { Done: true } made)
                return;
            var id = made.Body.GetProperty("id").GetString()!;
            history.Add(client, $"payment/{id}", "create", ended, Amount, History.Payment);
            history.Payments.Enqueue(id);
        });
    }

    private async Task MovePayment()
    {
        if (!history.Payments.TryDequeue(out var id))
            return;
        history.Payments.Enqueue(id);
        var (call, amount) = random.Next(6) switch
        {
            0 => ("read", default(long?)),
            1 => ("void", null),
            2 => ("refund", random.Next(1, 60)),
            3 => ("capture", random.Next(1, 60)),
            _ => ("authorize", null),
        };
        if (call == "read")
        {
            await ReadPayment(id);
            return;
        }
        await Post($"/v1/payments/{id}/{call}", amount is null ? null : new { amount = new { amount, currency = "EUR" } }, ended =>
            // Busy says nothing of the payment, only that somebody else's move is at the gateway.
            history.Add(client, $"payment/{id}", call, ended.Answer is { Code: "payment_busy" } ? ended with { Answer = null } : ended, amount, History.Payment));
    }

    /// <summary>Posts under a new key, and now and then once more under the same one.</summary>
    /// <param name="record">Writes down how it ended.</param>
    private async Task Post(string path, object? body, Action<Ended> record)
    {
        var key = $"{run}-{client}-{_keys++}";
        var request = new Request(HttpMethod.Post, path, body, key);
        var ended = await caller.Send(request);
        if (ended is { Answer: null, MayBeApplied: true })
        {
            history.Unanswered.Enqueue(new Unanswered(request, ended, record));
            return;
        }
        record(ended);
        history.AddKey(client, key, ended);
        if (random.Next(5) == 0)
            history.AddKey(client, key, await caller.Send(request));
    }
}
