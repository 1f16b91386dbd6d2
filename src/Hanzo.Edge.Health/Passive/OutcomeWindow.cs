namespace Hanzo.Edge.Health.Passive;

/// <summary>
/// Counts the outcomes of one endpoint's requests over a sliding window and tells when they break a rule. Written by every
/// request at once: ten counters for a tenth of the window each, a counter being one word (epoch, failed, answered) that
/// is replaced whole by compare-and-swap, so no count is lost and a stale tenth is emptied by whoever writes it first.
/// Limits: a tenth counts up to 1,048,575 of each kind and then stands still.
/// </summary>
internal sealed class OutcomeWindow(PassiveOptions options, TimeProvider time)
{
    private const int Tenths = 10;
    private const int CountBits = 20;
    private const ulong CountMask = (1UL << CountBits) - 1;
    private const ulong EpochMask = (1UL << (64 - 2 * CountBits)) - 1;

    private readonly ulong[] counters = new ulong[Tenths];
    private readonly long tenth = Math.Max(1, (long)(options.Window.TotalSeconds * time.TimestampFrequency / Tenths));
    private int inARow;

    /// <summary>Counts one outcome and says whether a rule is broken now. Allocates nothing, waits for nobody.</summary>
    public bool Record(bool isFailure)
    {
        var epoch = (ulong)(time.GetTimestamp() / tenth);
        Count(epoch, isFailure);
        if (!isFailure)
        {
            // Read first: a healthy endpoint's requests then share this word instead of fighting for it.
            if (Volatile.Read(ref inARow) != 0) Volatile.Write(ref inARow, 0);
            return false;
        }

        var failures = Interlocked.Increment(ref inARow);
        return (options.Consecutive > 0 && failures >= options.Consecutive) || (options.FailureShare > 0 && IsShareBroken(epoch));
    }

    private void Count(ulong epoch, bool isFailure)
    {
        ref var counter = ref counters[epoch % Tenths];
        for (ulong seen = Volatile.Read(ref counter), before; ; seen = before)
        {
            var (failed, answered) = Read(seen, epoch);
            if (isFailure) failed = Math.Min(failed + 1, CountMask);
            else answered = Math.Min(answered + 1, CountMask);
            before = Interlocked.CompareExchange(ref counter, ((epoch & EpochMask) << (2 * CountBits)) | (failed << CountBits) | answered, seen);
            if (before == seen) return;
        }
    }

    private bool IsShareBroken(ulong epoch)
    {
        ulong failed = 0, answered = 0;
        for (var back = 0UL; back < Tenths && back <= epoch; back++)
        {
            var (f, a) = Read(Volatile.Read(ref counters[(epoch - back) % Tenths]), epoch - back);
            failed += f;
            answered += a;
        }

        return failed + answered >= (ulong)options.MinimumRequests && failed >= options.FailureShare * (failed + answered);
    }

    /// <summary>The counts of a word, or none if it speaks of another epoch.</summary>
    private static (ulong Failed, ulong Answered) Read(ulong word, ulong epoch) =>
        word >> (2 * CountBits) == (epoch & EpochMask) ? ((word >> CountBits) & CountMask, word & CountMask) : (0, 0);
}
