using Hanzo.Commerce.Node.Machine;
using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Payments;

/// <summary>
/// Writes down what gateways say by themselves. Any node may hear it: the shard takes each notice once, whether it comes
/// before the answer to the call, twice, or after all is over.
/// </summary>
internal sealed class GatewayEar(GatewayRouting routing, CommerceShards shards, TimeProvider time, ILogger<GatewayEar> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Notices of one gateway that are heard at a time; more wait at the gateway.</summary>
    private const int AtOnce = 64;

    /// <summary>How long a notice is tried to be written down: longer than a payment is busy or a shard without a leader.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(routing.All.Select(gateway => Listen(gateway, stoppingToken)));

    private async Task Listen(IPaymentGateway gateway, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Hear(gateway.Name, gateway.Notices(stopping), stopping);
                return;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                log.ListeningFailed(fault, gateway.Name);
            }
            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Writes notices down, those of one payment in their order: a payment that is busy, or whose shard has no leader, keeps
    /// those of others waiting only when there are very many of its kind.
    /// </summary>
    public async Task Hear(string gateway, IAsyncEnumerable<GatewayNotice> notices, CancellationToken cancellation)
    {
        var lasts = new Dictionary<string, Task>();
        await foreach (var notice in notices)
        {
            while (lasts.Count >= AtOnce && !Forget(lasts))
                await Task.WhenAny(lasts.Values);
            lasts[notice.Payment] = HearAfter(lasts.GetValueOrDefault(notice.Payment, Task.CompletedTask), gateway, notice, cancellation);
        }
        await Task.WhenAll(lasts.Values);
    }

    /// <summary>Forgets payments of which everything is heard; false where there are none.</summary>
    private static bool Forget(Dictionary<string, Task> lasts)
    {
        var heard = lasts.Where(last => last.Value.IsCompleted).Select(last => last.Key).ToList();
        heard.ForEach(payment => lasts.Remove(payment));
        return heard.Count > 0;
    }

    private async Task HearAfter(Task before, string gateway, GatewayNotice notice, CancellationToken cancellation)
    {
        await before;
        try
        {
            await Hear(gateway, notice, cancellation);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            log.ListeningFailed(fault, gateway);
        }
    }

    /// <summary>Writes one notice down, however often that has to be tried; null when it could not be.</summary>
    public async ValueTask<Reply?> Hear(string gateway, GatewayNotice notice, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        do
        {
            var heard = await shards.Do(shards.OfId(notice.Payment), new HearGateway(notice.Merchant, notice.Payment, notice.Number, notice.Result), cancellation);
            if (heard.Reply is { } reply and not Refused { Code: "payment_busy" })
            {
                log.Heard(gateway, notice.Number, notice.Payment, notice.Result.Outcome);
                return reply;
            }
            await Task.Delay(Pause, time, cancellation);
        }
        while (time.GetElapsedTime(began) < Patience);
        log.NotHeard(gateway, notice.Number, notice.Payment, Patience.TotalSeconds);
        return null;
    }
}
