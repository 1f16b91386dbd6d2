using System.Buffers.Binary;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Replication;

/// <summary>
/// Finds what replication cannot: rows that a disk lost. Nodes compare a digest for each key range; where they differ, this
/// node takes the peer's rows, waits until it has applied everything the peer had when it read them, and merges them. If
/// that changes a row, the row was damaged here, since a row never holds more than its vector says.
/// </summary>
internal sealed class AntiEntropy(Store store, PeerClient client, PeerBoard board, EntryIntake intake, ReplicationOptions options,
    ReplicationMetrics metrics, TimeProvider time, ILogger<AntiEntropy> log)
{
    /// <summary>Ranges compared row by row with one peer in one round: while nodes change a lot, many differ for a moment.</summary>
    private const int MostRanges = 64;

    /// <summary>Reads this many ranges from disk each <see cref="ReadingInterval"/>: all of them in about a minute.</summary>
    private const int RangesRead = 16;

    private static readonly TimeSpan ReadingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads the ranges from disk, over and over.</summary>
    public async Task ReadRanges(CancellationToken stopping)
    {
        for (var range = 0; ; range = (range + 1) % StoreKey.Ranges)
        {
            await store.Digest(range);
            if (range % RangesRead == RangesRead - 1)
                await Task.Delay(ReadingInterval, time, stopping);
        }
    }

    public async Task CompareForever(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(options.AntiEntropyInterval, time, stopping);
            foreach (var peer in options.Peers.Where(board.IsUp))
                await Compare(peer, stopping);
        }
    }

    /// <summary>Compares with one peer. Answers how many rows were repaired.</summary>
    public async Task<int> Compare(Peer peer, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        var repaired = 0;
        try
        {
            foreach (var range in (await Differing(peer, either.Token)).Take(MostRanges))
                repaired += await Repair(peer, range, either.Token);
        }
        catch (Exception broken) when (!stopping.IsCancellationRequested
            && broken is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            log.NotCompared(peer.Name, broken.Message);
        }
        return repaired;
    }

    private async Task<List<int>> Differing(Peer peer, CancellationToken cancellation)
    {
        await using var stream = await client.Digests(peer, cancellation);
        if (await stream.Read(cancellation) is not (FrameKind.Digests, { } content) || content.Length % 12 != 0)
            throw new InvalidDataException("The peer's digests cannot be read.");
        var differing = new List<int>();
        for (var at = 0; at < content.Length; at += 12)
        {
            var range = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(at));
            if (range is < 0 or >= StoreKey.Ranges)
                throw new InvalidDataException($"There is no range {range}.");
            if (store.DigestOf(range) is { } here && here != BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(at + 4)))
                differing.Add(range);
        }
        return differing;
    }

    private async Task<int> Repair(Peer peer, int range, CancellationToken cancellation)
    {
        await using var stream = await client.Range(peer, range, cancellation);
        var rows = new List<byte[]>();
        VersionVector? covers = null;
        while (await stream.Read(cancellation) is var (kind, content) && kind != FrameKind.End)
        {
            if (kind == FrameKind.Rows && covers is null)
                rows.Add(content);
            else if (kind == FrameKind.Position && Wire.ReadPosition(content) is var (vector, _))
                covers = vector;
            else
                throw new InvalidDataException($"A frame of kind {(int)kind} has no place in a range.");
        }
        if (covers is null)
            throw new InvalidDataException("The range ended before its end.");
        await store.Covers(covers, cancellation);
        var repaired = 0;
        foreach (var content in rows)
        {
            var (changed, refusal) = await intake.Rows(content);
            if (refusal is not null)
                throw new InvalidDataException(refusal);
            repaired += changed;
        }
        if (repaired > 0)
        {
            metrics.Repaired(repaired);
            log.Repaired(repaired, range, peer.Name);
        }
        return repaired;
    }
}
