namespace Hanzo.Edge.Health.State;

/// <summary>
/// The failures of one endpoint from the first one seen until it is taken out, and the requests that were still sent there:
/// what a failover is measured by. Requests write at any time. Two answers make up for one failure, and when all are made up
/// for the spell ends, as if there had been none: an endpoint that fails one request in three or more has one long spell, and
/// a single failure long ago is no part of the next.
/// </summary>
internal sealed class FailureSpell
{
    /// <summary>Answers that make up for one failure.</summary>
    private const int AnswersPerFailure = 2;

    private long first;
    private int toMakeUp;
    private long lastSent;
    private bool isOut;

    /// <summary>Timestamp of the first failure, or 0 for none.</summary>
    public long First => Volatile.Read(ref first);

    /// <summary>Timestamp at which the last request that failed was sent, or 0 where probes alone saw it.</summary>
    public long LastSent => Volatile.Read(ref lastSent);

    /// <summary>Takes a failed request and says whether it is the first failure.</summary>
    public bool RequestFailed(long sent, long now)
    {
        for (var known = LastSent; known < sent;)
        {
            var seen = Interlocked.CompareExchange(ref lastSent, sent, known);
            if (seen == known) break;
            known = seen;
        }

        Interlocked.Add(ref toMakeUp, AnswersPerFailure);
        return First == 0 && Interlocked.CompareExchange(ref first, now, 0) == 0;
    }

    /// <summary>Takes a failed probe.</summary>
    public void ProbeFailed(long now) => Interlocked.CompareExchange(ref first, now, 0);

    /// <summary>Takes an answered request.</summary>
    public void Answered()
    {
        // Read first: while all is well no request writes here.
        if (First != 0 && !Volatile.Read(ref isOut) && Interlocked.Decrement(ref toMakeUp) <= 0) End();
    }

    /// <summary>Takes a good probe; while only requests fail, probes know less than they do.</summary>
    public void ProbeGood()
    {
        if (LastSent == 0) Answered();
    }

    /// <summary>The endpoint was taken out: what was under way there may still end, well or not.</summary>
    public void Out() => Volatile.Write(ref isOut, true);

    /// <summary>The endpoint is back, or its spell has come to nothing.</summary>
    public void End()
    {
        Volatile.Write(ref isOut, false);
        Volatile.Write(ref toMakeUp, 0);
        Volatile.Write(ref first, 0);
        Volatile.Write(ref lastSent, 0);
    }
}
