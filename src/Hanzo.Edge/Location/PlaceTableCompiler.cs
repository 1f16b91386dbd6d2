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
        var ipv4 = new RangeList(places);
        var ipv6 = new RangeList(places);
        fault = tree.WalkIPv4(ipv4) ?? tree.WalkIPv6(ipv6);
        if (fault is null && places.Count == 1)
        {
            fault = $"no record has a country or a location; \"{file.DatabaseType}\" is no City or Country database";
        }

        if (fault is null)
        {
            table = new(places.ToArray(), ipv4.ToIPv4(), ipv6.ToIPv6());
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
                id = places.Count;
                ids.Add(place, id);
                places.Add(place);
            }

            idsByRecord.Add(offset, id);
            return null;
        }
    }

    /// <summary>Collects ranges; a network of the same place as the one before it only makes the range longer.</summary>
    private sealed class RangeList(PlaceIds placeIds) : INetworkVisitor
    {
        private readonly List<UInt128> starts = [];
        private readonly List<int> ids = [];

        public void Empty(UInt128 start) => Add(start, Place.Unknown);

        public string? Found(UInt128 start, long dataOffset)
        {
            var bad = placeIds.Find(dataOffset, out var id);
            Add(start, id);
            return bad;
        }

        public IPv4Ranges ToIPv4() => new([.. starts.Select((start, i) => (ulong)start << 32 | (uint)ids[i])]);

        public IPv6Ranges ToIPv6() => new(starts, ids);

        private void Add(UInt128 start, int id)
        {
            if (ids.Count == 0 || ids[^1] != id)
            {
                starts.Add(start);
                ids.Add(id);
            }
        }
    }
}
