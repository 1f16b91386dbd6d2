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

    /// <summary>How long a notice is tried to be written down: longer than a payment is busy or a shard without a leader.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(routing.All.Select(gateway => Listen(gateway, stoppingToken)));

    private async Task Listen(IPaymentGateway gateway, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var notice in gateway.Notices(stopping))
                    await Hear(gateway.Name, notice, stopping);
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
