using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>Which row of its kind a row of a snapshot is, from 0: others that mean it say that instead of its key.</summary>
internal sealed class RowNumbers
{
    private readonly Dictionary<object, int> _byRow = new(ReferenceEqualityComparer.Instance);
    private readonly RowWriter _content = new(256);
    private readonly PackedRows.Moment _reservations;
    private readonly KeyIndex _byKey;
    private readonly int[] _reservationNumbers;

    /// <param name="reservations">By key.</param>
    /// <param name="order">Numbers of the rows, in the order in which they are written.</param>
    public RowNumbers(PackedRows.Moment reservations, int[] order)
    {
        (_reservations, _byKey, _reservationNumbers) = (reservations, new(reservations), new int[reservations.End]);
        for (var i = 0; i < order.Length; i++)
        {
            _byKey.Add(order[i]);
            _reservationNumbers[order[i]] = i;
        }
    }

    public void Add<T>(KeyValuePair<string, T>[] rows)
        where T : class
    {
        _byRow.EnsureCapacity(_byRow.Count + rows.Length);
        for (var i = 0; i < rows.Length; i++)
            _byRow.Add(rows[i].Value, i);
    }

    /// <summary>Null for an object that is none of the rows, whatever it holds.</summary>
    public int? Of(object row) => _byRow.TryGetValue(row, out var number) ? number : null;

    /// <summary>Null for a reservation that is not as it is in its row.</summary>
    public int? Of(Reservation reservation)
    {
        if (_byKey.Find(Reservation.KeyOf(reservation.Merchant, reservation.Id)) is not { } row)
            return null;
        _content.Clear();
        SnapshotCodec.Write(_content, reservation);
        return _reservations.ContentOf(row).SequenceEqual(_content.Written.Span) ? _reservationNumbers[row] : null;
    }

    /// <summary>Null for the key of no reservation.</summary>
    public int? OfReservation(string key) => _byKey.Find(key) is { } row ? _reservationNumbers[row] : null;
}
