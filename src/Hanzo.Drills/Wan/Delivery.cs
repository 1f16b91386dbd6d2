namespace Hanzo.Drills.Wan;

/// <summary>One direction between two sites: decides when a packet arrives, or that it does not. Pure, but for its random.</summary>
internal sealed class Delivery(LinkQuality quality, Random random)
{
    private TimeSpan _free;
    private TimeSpan _last;

    public LinkQuality Quality { get; set; } = quality;

    /// <summary>When a packet that is sent now arrives; null when it is lost.</summary>
    public TimeSpan? Of(int bytes, TimeSpan now)
    {
        var quality = Quality;
        if (quality.Cut || (quality.Loss > 0 && random.NextDouble() < quality.Loss))
            return null;
        var sent = now;
        if (quality.Bandwidth > 0)
        {
            sent = (_free > now ? _free : now) + TimeSpan.FromSeconds(bytes / quality.Bandwidth);
            _free = sent;
        }
        var arrives = sent + quality.Delay + quality.Jitter * random.NextDouble();
        return _last = arrives > _last ? arrives : _last;
    }
}
