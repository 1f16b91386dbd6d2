using System.Runtime.InteropServices;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// A part of the <see cref="StateCache"/>. What it keeps grows old, and whatever is put in the place of something old is moved by
/// the next collections while everybody waits; so places are used again, and a row that is kept as its bytes is overwritten.
/// </summary>
/// <param name="bound">Bytes of memory, about.</param>
internal sealed class CacheStripe(long bound)
{
    /// <summary>Decoded states take several times the bytes of their encoding; measured on carts of three lines.</summary>
    private const int Spread = 6;

    /// <summary>Of a row, beside its state: its key, its place, and its share of the index.</summary>
    private const int Overhead = 300;

    private const int DecodedOverhead = 600;
    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<StoreKey, int> _index = [];
    private readonly List<Place> _places = [];
    private int _free = None;
    private int _newest = None;
    private int _oldest = None;
    private long _size;
    private long _commits;

    /// <param name="row">The row where it is kept decoded.</param>
    /// <param name="encoded">A copy of its bytes where it is kept as these; then <paramref name="row"/> is null.</param>
    public bool TryFind(StoreKey key, out Row? row, out byte[]? encoded, out ulong digest, out long commits)
    {
        lock (_lock)
        {
            (row, encoded, digest, commits) = (null, null, 0, _commits);
            if (!_index.TryGetValue(key, out var at))
                return false;
            Unlink(at);
            LinkNewest(at);
            ref var place = ref PlaceAt(at);
            if (place.Bytes is { } bytes)
                (encoded, digest) = (bytes.AsSpan(0, place.Length).ToArray(), place.Digest);
            else
                row = place.Row!;
            return true;
        }
    }

    public void Put(StoreKey key, Row row, bool isKeptEncoded, long? commits)
    {
        lock (_lock)
        {
            if (commits is { } seen && seen != _commits)
                return;
            if (commits is null)
                _commits++;
            // The text of a key that has grown old stays, and the new one goes with its request.
            ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(_index, key, out var isKnown);
            if (isKnown)
                Unlink(at);
            else
                at = NewPlace(key);
            LinkNewest(at);
            ref var place = ref PlaceAt(at);
            _size -= place.Charge;
            place.Take(row, isKeptEncoded);
            _size += place.Charge;
            while (_size > bound && _oldest != None)
                Drop(_oldest);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _index.Clear();
            _places.Clear();
            (_free, _newest, _oldest) = (None, None, None);
            _size = 0;
            _commits++;
        }
    }

    private ref Place PlaceAt(int at) => ref CollectionsMarshal.AsSpan(_places)[at];

    private int NewPlace(StoreKey key)
    {
        if (_free == None)
        {
            _places.Add(new Place { Key = key });
            return _places.Count - 1;
        }
        var at = _free;
        ref var place = ref PlaceAt(at);
        _free = place.Older;
        place.Key = key;
        return at;
    }

    private void Drop(int at)
    {
        Unlink(at);
        ref var place = ref PlaceAt(at);
        _index.Remove(place.Key);
        _size -= place.Charge;
        place = new Place { Older = _free };
        _free = at;
    }

    private void LinkNewest(int at)
    {
        ref var place = ref PlaceAt(at);
        (place.Newer, place.Older) = (None, _newest);
        if (_newest != None)
            PlaceAt(_newest).Newer = at;
        else
            _oldest = at;
        _newest = at;
    }

    private void Unlink(int at)
    {
        var (newer, older) = (PlaceAt(at).Newer, PlaceAt(at).Older);
        if (newer != None)
            PlaceAt(newer).Older = older;
        else
            _newest = older;
        if (older != None)
            PlaceAt(older).Newer = newer;
        else
            _oldest = newer;
    }

    private struct Place
    {
        public StoreKey Key;
        public Row? Row;
        public byte[]? Bytes;
        public int Length;
        public ulong Digest;

        /// <summary>The place used next after this one.</summary>
        public int Newer;

        /// <summary>The place used last before this one; of a free place the next free one.</summary>
        public int Older;

        public long Charge;

        public void Take(Row row, bool asBytes)
        {
            var size = row.Encoded.Length;
            if (!asBytes)
            {
                (Row, Bytes) = (row with { Encoded = [] }, null);
                Charge = DecodedOverhead + ((long)size * Spread);
                return;
            }
            if (Bytes is null || Bytes.Length < size || Bytes.Length > Room(2 * size))
                Bytes = new byte[Room(size)];
            row.Encoded.CopyTo(Bytes, 0);
            (Row, Length, Digest) = (null, size, row.Digest);
            Charge = Overhead + Bytes.Length;
        }

        /// <summary>A row grows by some bytes with most of its changes.</summary>
        private static int Room(int size) => (size + (size / 4) + 31) & ~31;
    }
}
