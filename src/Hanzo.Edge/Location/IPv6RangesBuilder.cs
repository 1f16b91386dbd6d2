namespace Hanzo.Edge.Location;

/// <summary>Takes the IPv6 ranges of a database in address order and arranges them for <see cref="IPv6Ranges"/>.</summary>
/// <param name="ranges">How many will come.</param>
/// <param name="placeCount">How many places they speak of.</param>
internal sealed class IPv6RangesBuilder(int ranges, int placeCount)
{
    // A range that begins inside a /64 can take two entries: the cut /64, and what goes on above it.
    private readonly List<ulong> networks = new(ranges + 1);
    private readonly List<int> places = new(ranges + 1);
    private readonly List<(UInt128 Start, int Place)> deep = [];
    private (UInt128 Start, int Place) last;

    /// <summary>The next range begins, which ends the one before it.</summary>
    public void Add(UInt128 start, int place)
    {
        GoOnAbove(start);
        var network = (ulong)(start >> 64);
        if ((ulong)start == 0)
        {
            Append(network, place);
        }
        else
        {
            Cut(network, start, place);
        }

        last = (start, place);
    }

    /// <summary>The arranged ranges.</summary>
    public IPv6Ranges Build()
    {
        GoOnAbove(UInt128.MaxValue);
        return new(new(networks, places, placeCount), deep);
    }

    private void Append(ulong network, int place)
    {
        networks.Add(network);
        places.Add(place);
    }

    /// <summary>The range before reaches into the /64 from outside, or begins with it.</summary>
    private void Cut(ulong network, UInt128 start, int place)
    {
        if (networks[^1] != network)
        {
            Append(network, last.Place);
        }

        if (places[^1] != IPv6Ranges.Deep)
        {
            deep.Add((new(network, 0), places[^1]));
            places[^1] = IPv6Ranges.Deep;
        }

        deep.Add((start, place));
    }

    /// <summary>A range that began inside a /64 goes on above it, unless the next one begins right there or before.</summary>
    private void GoOnAbove(UInt128 next)
    {
        var network = (ulong)(last.Start >> 64);
        if ((ulong)last.Start != 0 && network != ulong.MaxValue && next > new UInt128(network + 1, 0))
        {
            Append(network + 1, last.Place);
        }
    }
}
