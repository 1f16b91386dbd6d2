namespace Hanzo.Edge.Location;

/// <summary>Place ids by range: two bytes each, and a third only where a database has so many places.</summary>
/// <param name="count">How many ranges there are.</param>
/// <param name="places">How many places there are.</param>
internal sealed class PlaceList(int count, int places)
{
    private readonly ushort[] low = new ushort[count];

    // The highest id of three bytes is taken: IPv6Ranges.Deep. Two bytes then hold it as their own highest.
    private readonly byte[]? high = places < ushort.MaxValue ? null : new byte[count];

    /// <summary>How many ranges there are.</summary>
    public int Count => low.Length;

    /// <summary>Bytes of the arrays.</summary>
    public long SizeInBytes => sizeof(ushort) * (long)low.Length + (high?.Length ?? 0);

    /// <summary>The place id of a range.</summary>
    public int this[int range]
    {
        get => high is null
            ? low[range] == ushort.MaxValue ? IPv6Ranges.Deep : low[range]
            : high[range] << 16 | low[range];
        set
        {
            low[range] = (ushort)value;
            if (high is not null)
            {
                high[range] = (byte)(value >> 16);
            }
        }
    }
}
