namespace Hanzo.Drills.Traffic;

/// <summary>What became of one arrival.</summary>
/// <param name="Latency">From the time when the customer came to the end of the answer, waiting in the drill included.</param>
/// <param name="Status">0 where no answer came.</param>
/// <param name="Region">Who answered, as the edge says; null where it does not.</param>
/// <param name="Edge">Which edge was asked last.</param>
/// <param name="Problem">Why it was no success, or null.</param>
/// <param name="RequestId">Finds it in the edge's receipts.</param>
internal sealed record Sample(Arrival Arrival, TimeSpan Latency, int Status, string? Region, string Edge, string? Problem, string? RequestId)
{
    /// <summary>What the customer was told has been done, where that has to be kept.</summary>
    public Deed? Deed { get; init; }

    public TimeSpan At => Arrival.At;

    public TimeSpan Ended => Arrival.At + Latency;

    public bool Well => Problem is null;

    public override string ToString() =>
        $"at {At.TotalSeconds:0.00} s {Arrival.Action} from {Arrival.Customer.Address} ({Arrival.Customer.Country}) by {Edge}: {Problem ?? $"{Status}"} after {Latency.TotalMilliseconds:0} ms, region {Region ?? "none"}, request {RequestId ?? "unknown"}";
}
