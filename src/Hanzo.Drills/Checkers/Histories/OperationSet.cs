namespace Hanzo.Drills.Checkers.Histories;

/// <summary>Which operations of a history stand in an order already: a bit each.</summary>
internal readonly struct OperationSet(ulong[] words) : IEquatable<OperationSet>
{
    public static OperationSet Of(int operations) => new(new ulong[(operations + 63) / 64]);

    public OperationSet With(int operation)
    {
        var changed = (ulong[])words.Clone();
        changed[operation / 64] |= 1UL << (operation % 64);
        return new OperationSet(changed);
    }

    public bool Equals(OperationSet other) => words.AsSpan().SequenceEqual(other.Words);

    public override bool Equals(object? obj) => obj is OperationSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in words)
            hash.Add(word);
        return hash.ToHashCode();
    }

    private ReadOnlySpan<ulong> Words => words;
}
