using System.Text;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>Names one row of state.</summary>
/// <param name="Collection">Number of the collection, see <see cref="ICollection"/>.</param>
/// <param name="Key">1 to <see cref="MaxLength"/> bytes as UTF-8.</param>
internal readonly record struct StoreKey(byte Collection, string Key)
{
    public const int MaxLength = 256;

    /// <summary>How many ranges the keys are spread over; each has a digest of its own.</summary>
    public const int Ranges = 1024;

    /// <summary>The range this key falls into, 0 to <see cref="Ranges"/> - 1. Part of the format: it leads the primary key on disk.</summary>
    public int Range
    {
        get
        {
            Span<byte> utf8 = stackalloc byte[MaxLength];
            return (int)(Fnv.Hash(utf8[..Encoding.UTF8.GetBytes(Key, utf8)], Collection) % Ranges);
        }
    }
}
