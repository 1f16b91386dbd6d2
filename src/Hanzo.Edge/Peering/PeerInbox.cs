using Hanzo.Edge.Health.Vantage;

namespace Hanzo.Edge.Peering;

/// <summary>Why a report is not taken.</summary>
internal enum PeerRefusal
{
    /// <summary>It is taken.</summary>
    None,

    /// <summary>The sender is none of the members.</summary>
    Stranger,

    /// <summary>The signature is not that of the key.</summary>
    Signature,

    /// <summary>It was sent too long ago, or will be: a clock is wrong, or it was kept back.</summary>
    Time,

    /// <summary>It is not newer than what the sender said before, or than this edge's start.</summary>
    Replayed,

    /// <summary>It is signed well and cannot be read.</summary>
    Unreadable,
}

/// <summary>Judges what claims to come from another edge. The signature comes first: nothing of an unsigned report is looked at.</summary>
internal sealed class PeerInbox(PeerSignature signature, IReadOnlyCollection<string> members, VantageDesk desk, TimeProvider time)
{
    /// <summary>How far the clocks of two edges may be apart.</summary>
    public static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30);

    // What an edge said before this one ran may be sent again by anyone who heard it: the numbers that would tell died with
    // the process before. Limit: a member whose clock is behind by a second is heard a second late after a start.
    private readonly long started = Micros(time.GetUtcNow());
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> last = [];

    /// <summary>Takes a report, or says why not.</summary>
    public PeerRefusal Take(string edge, long micros, string claimed, ReadOnlySpan<byte> body)
    {
        if (!members.Contains(edge)) return PeerRefusal.Stranger;
        if (!signature.Is(claimed, edge, micros, body)) return PeerRefusal.Signature;
        if (Math.Abs((double)micros - Micros(time.GetUtcNow())) > MaxSkew.TotalMicroseconds) return PeerRefusal.Time;
        lock (gate)
        {
            if (micros <= last.GetValueOrDefault(edge, started - 1)) return PeerRefusal.Replayed;
            last[edge] = micros;
        }

        if (PeerReportJson.Read(edge, body) is not { } report) return PeerRefusal.Unreadable;
        desk.Take(report);
        return PeerRefusal.None;
    }

    /// <summary>A moment as signatures have it.</summary>
    public static long Micros(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
