using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hanzo.Edge.Location.Mmdb;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>
/// Turns a database into a <see cref="PlaceTable"/>. Every record is checked whole and read once; neighbouring networks of
/// the same place become one range. One unreadable record refuses the file: a published database has none, so a file with
/// one is damaged and nothing else in it can be believed either.
/// </summary>
internal static class PlaceTableCompiler
{
    /// <summary>Compiles <paramref name="file"/>.</summary>
    /// <returns>False with what is wrong in <paramref name="fault"/>.</returns>
    public static bool TryCompile(MmdbFile file, [NotNullWhen(true)] out PlaceTable? table, [NotNullWhen(false)] out string? fault)
    {
        table = null;
        var tree = new MmdbTree(file);
        var places = new PlaceIds(file);

        // Walked twice: the first time counts, so that the second fills arrays of the right size and leaves no garbage
        // of a hundred megabytes to a process that serves on a tenth of that.
        var (count4, count6) = (new RangeCounter(places), new RangeCounter(places));
        fault = tree.WalkIPv4(count4) ?? tree.WalkIPv6(count6);
        if (fault is null && places.Count == 1)
        {
            fault = $"no record has a country or a location; \"{file.DatabaseType}\" is no City or Country database";
        }

        if (fault is null)
        {
            var (ipv4, ipv6) = (new IPv4Filler(places, count4.Count), new IPv6Filler(places, count6.Count));
            fault = tree.WalkIPv4(ipv4) ?? tree.WalkIPv6(ipv6);
            table = new(places.ToArray(), new(ipv4.Ranges, places.Count), ipv6.Builder.Build());
        }

        return fault is null;
    }

    /// <summary>Place ids by record, and the distinct places in the order of their ids.</summary>
    private sealed class PlaceIds(MmdbFile file)
    {
        private readonly List<Place> places = [Place.Nowhere];
        private readonly Dictionary<Place, int> ids = new() { [Place.Nowhere] = Place.Unknown };
        private readonly Dictionary<int, int> idsByRecord = [];

        // A sound file visits each value a few times at most; shared names are what is visited more than once.
        private long budget = 32L * file.Data.Length + 1_000_000;

        public int Count => places.Count;

        public ImmutableArray<Place> ToArray() => [.. places];

        public string? Find(long dataOffset, out int id)
        {
            id = Place.Unknown;
            if (dataOffset < 0 || dataOffset >= file.Data.Length)
            {
                return $"a network whose record would be outside the data section, at data offset {dataOffset}";
            }

            var offset = (int)dataOffset;
            if (idsByRecord.TryGetValue(offset, out id))
            {
                return null;
            }

            var data = new MmdbData(file.Data);
            var place = Place.Nowhere;
            if ((data.Check(offset, ref budget) ?? PlaceRecord.Read(data, offset, out place)) is { } bad)
            {
                return bad;
            }

            if (!ids.TryGetValue(place, out id))
            {
                if (places.Count == IPv6Ranges.Deep)
                {
                    return $"more than {IPv6Ranges.Deep:N0} places";
                }

                id = places.Count;
                ids.Add(place, id);
                places.Add(place);
            }

            idsByRecord.Add(offset, id);
            return null;
        }
    }

    /// <summary>Tells ranges apart; a network of the same place as the one before it only makes the range longer.</summary>
    private abstract class RangeVisitor(PlaceIds placeIds) : INetworkVisitor
    {
        private int last = -1;

        public void Empty(UInt128 start) => Add(start, Place.Unknown);

        public string? Found(UInt128 start, long dataOffset)
        {
            var bad = placeIds.Find(dataOffset, out var id);
            Add(start, id);
            return bad;
        }

        protected abstract void Begin(UInt128 start, int id);

        private void Add(UInt128 start, int id)
        {
            if (last != id)
            {
                last = id;
                Begin(start, id);
            }
        }
    }

    private sealed class RangeCounter(PlaceIds placeIds) : RangeVisitor(placeIds)
    {
        public int Count { get; private set; }

        protected override void Begin(UInt128 start, int id) => Count++;
    }

    private sealed class IPv4Filler(PlaceIds placeIds, int count) : RangeVisitor(placeIds)
    {
        private int next;

        public ulong[] Ranges { get; } = new ulong[count];

        protected override void Begin(UInt128 start, int id) => Ranges[next++] = (ulong)start << 32 | (uint)id;
    }

    private sealed class IPv6Filler(PlaceIds placeIds, int count) : RangeVisitor(placeIds)
    {
        public IPv6RangesBuilder Builder { get; } = new(count, placeIds.Count);

        protected override void Begin(UInt128 start, int id) => Builder.Add(start, id);
    }
}
