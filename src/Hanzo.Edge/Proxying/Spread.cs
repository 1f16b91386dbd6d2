namespace Hanzo.Edge.Proxying;

/// <summary>
/// Random numbers for spreading, from many threads at once: SplitMix64 (Steele, Lea and Flood, 2014) over a shared counter.
/// One atomic addition a number and reproducible from its seed; not for secrets.
/// </summary>
internal sealed class Spread(ulong seed)
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    private ulong counter = seed;

    /// <summary>The next number.</summary>
    public ulong Next() => Mix(Interlocked.Add(ref counter, Golden));

    /// <summary>Spreads the bits of <paramref name="value"/> over the whole word. One to one: different values stay different.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
