using System.Text;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Storage.Support;

/// <summary>A collection that is easy to read: a row is a set of words, joined by union.</summary>
internal sealed class Words : ICollection
{
    public static Words Collection { get; } = new();

    public byte Id => 7;

    public string Name => "words";

    public object? Decode(ReadOnlySpan<byte> bytes) => bytes.IsEmpty || bytes[0] == '!' ? null : Encoding.UTF8.GetString(bytes);

    public byte[] Encode(object state) => Encoding.UTF8.GetBytes((string)state);

    public object Merge(object? state, object delta)
    {
        var joined = string.Join(' ', $"{state} {delta}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal));
        return joined.Equals(state) ? state : joined;
    }

    public void Changed(StoreTransaction transaction, string key, object? before, object after)
    {
    }

    /// <summary>A change that adds words to a row.</summary>
    public static Func<StoreTransaction, string> Add(string key, string words) => transaction =>
    {
        var after = (string)Collection.Merge(transaction.Read(Collection, key), words);
        transaction.Write(Collection, key, after, words);
        return after;
    };
}
