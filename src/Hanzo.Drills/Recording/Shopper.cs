using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Recording;

/// <summary>One client that takes turns at the same few objects as all others, and writes down what it saw.</summary>
internal sealed class Shopper(int client, string run, IReadOnlyList<string> skus, Caller caller, History history, Random random, TimeProvider time)
{
    /// <summary>So that the history of one SKU stays as short as a search of its orders needs.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

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

    public async Task PutFirst(string sku, long units) =>
        history.Add(client, $"stock/{sku}", "put", await caller.Send(new(HttpMethod.Put, $"/v1/inventory/{sku}", new { on_hand = units })), units, History.Stock);

    public async Task ReadStock(string sku) =>
        history.Add(client, $"stock/{sku}", "read", await caller.Send(new(HttpMethod.Get, $"/v1/inventory/{sku}")), facts: History.Stock);

    public async Task ReadReservation(string id) =>
        history.Add(client, $"reservation/{id}", "read", await caller.Send(new(HttpMethod.Get, $"/v1/reservations/{id}")), facts: History.Reservation);

    public async Task ReadPayment(string id) =>
        history.Add(client, $"payment/{id}", "read", await caller.Send(new(HttpMethod.Get, $"/v1/payments/{id}")), facts: History.Payment);

    private Task Next()
    {
        var sku = skus[random.Next(skus.Count)];
        return random.Next(12) switch
        {
            0 => ReadStock(sku),
            1 => Count(sku),
            2 => Adjust(sku, random.Next(1, 6)),
            3 => Adjust(sku, -random.Next(1, 3)),
            4 or 5 or 6 => Hold(sku, random.Next(1, 4)),
            7 or 8 => EndReservation(),
            9 => CreatePayment(),
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

    private async Task Adjust(string sku, long units) =>
        history.Add(client, $"stock/{sku}", "adjust", await Post($"/v1/inventory/{sku}/adjustments", new { delta = units }), units, History.Stock);

    private async Task Hold(string sku, long units)
    {
        var ended = await Post("/v1/reservations", new { items = new[] { new { sku, quantity = units } }, expires_in = 86_400 });
        history.Add(client, $"stock/{sku}", "hold", ended, units);
        if (ended.Answer is { Done: true } made)
            history.Reservations.Enqueue(new(made.Body.GetProperty("id").GetString()!, sku, units));
    }

    private async Task EndReservation()
    {
        if (!history.Reservations.TryDequeue(out var reservation))
            return;
        // To end it once more in the same way is answered like the first time, and would look like a second effect: others try the opposite.
        var call = reservation.TriedBy switch { "commit" => "release", "release" => "commit", _ => random.Next(3) == 0 ? "release" : "commit" };
        if (reservation.TriedBy is null && random.Next(2) == 0)
            history.Reservations.Enqueue(reservation with { TriedBy = call });
        var ended = await Post($"/v1/reservations/{reservation.Id}/{call}", null);
        history.Add(client, $"reservation/{reservation.Id}", call, ended, facts: History.Reservation);
        // A refusal tells of the reservation alone: it was over.
        if (ended.Answer is null or { Done: true })
            history.Add(client, $"stock/{reservation.Sku}", call, ended, reservation.Units);
    }

    private async Task CreatePayment()
    {
        const long Amount = 100;
        var method = random.Next(6) == 0 ? "card_declined_no_funds" : "card_approve";
        var ended = await Post("/v1/payments", new { amount = new { amount = Amount, currency = "EUR" }, payment_method = method });
        if (ended.Answer is not { Done: true } made)
            return;
        var id = made.Body.GetProperty("id").GetString()!;
        history.Add(client, $"payment/{id}", "create", ended, Amount, History.Payment);
        history.Payments.Enqueue(id);
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
        var ended = await Post($"/v1/payments/{id}/{call}", amount is null ? null : new { amount = new { amount, currency = "EUR" } });
        // Busy says nothing of the payment, only that somebody else's move is at the gateway.
        if (ended.Answer is { Code: "payment_busy" })
            ended = ended with { Answer = null };
        history.Add(client, $"payment/{id}", call, ended, amount, History.Payment);
    }

    /// <summary>Posts under a new key, and now and then once more under the same one.</summary>
    private async Task<Ended> Post(string path, object? body)
    {
        var key = $"{run}-{client}-{_keys++}";
        var request = new Request(HttpMethod.Post, path, body, key);
        var ended = await caller.Send(request);
        history.AddKey(client, key, ended);
        if (random.Next(5) == 0)
            history.AddKey(client, key, await caller.Send(request));
        return ended;
    }
}
