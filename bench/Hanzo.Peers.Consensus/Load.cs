namespace Hanzo.Peers.Consensus;

/// <summary>Clients that come at once or by the clock, and how long each of their commands took.</summary>
/// <param name="rate">Commands a second of all clients together; 0 for each as soon as its last is answered.</param>
internal sealed class Load(IReadOnlyList<IConnection> clients, double rate, TimeSpan warm, TimeSpan lasts, TimeProvider time)
{
    /// <summary>Runs it. What is sent while it warms is not counted.</summary>
    public async Task<Figures> Run()
    {
        var began = time.GetTimestamp();
        var each = await Task.WhenAll(clients.Select((client, number) => Task.Run(() => Drive(client, number, began))));
        var took = each.SelectMany(of => of.Took).Order().ToArray();
        return new Figures(took, each.Sum(of => of.Failed), lasts);
    }

    private async Task<(List<TimeSpan> Took, int Failed)> Drive(IConnection client, int number, long began)
    {
        var (took, failed) = (new List<TimeSpan>(1 << 12), 0);
        var period = rate > 0 ? TimeSpan.FromSeconds(clients.Count / rate) : TimeSpan.Zero;
        for (var turn = 0; ; turn++)
        {
            if (rate > 0 && period * (turn + (double)number / clients.Count) - time.GetElapsedTime(began) is { Ticks: > 0 } early)
                await Task.Delay(early, time);
            var sent = time.GetElapsedTime(began);
            if (sent >= warm + lasts)
                return (took, failed);
            var done = await client.Next();
            var answered = time.GetElapsedTime(began);
            if (sent < warm || answered >= warm + lasts)
                continue;
            if (done)
                took.Add(answered - sent);
            else
                failed++;
        }
    }
}

/// <param name="Took">How long each took, the shortest first.</param>
internal sealed record Figures(TimeSpan[] Took, int Failed, TimeSpan Lasts)
{
    /// <summary>Done, failed, a second, and milliseconds of p50, p99 and the slowest, with tabs between.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Took.Length}\t{Failed}\t{Took.Length / Lasts.TotalSeconds:0.0}\t{Percentile(50):0.000}\t{Percentile(99):0.000}\t{Percentile(100):0.000}");

    private double Percentile(int percent) => Took.Length == 0 ? 0 : Took[Math.Min(Took.Length - 1, Took.Length * percent / 100)].TotalMilliseconds;
}
