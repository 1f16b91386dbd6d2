using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Sketches;

/// <summary>
/// What each replica has summed up of its own, side by side: a sum counts twice when it is added twice, so a share is never
/// added to another of the same replica, but replaced by the one that holds more. The whole is put together when it is read.
/// </summary>
public sealed class Shares<T> : ICrdt<Shares<T>> where T : class, IShare<T>
{
    private const int SharesField = 1;

    private readonly SortedMap<ReplicaId, T> _shares;

    private Shares(SortedMap<ReplicaId, T> shares, UnknownFields unknown) => (_shares, Unknown) = (shares, unknown);

    /// <inheritdoc/>
    public static Shares<T> Empty { get; } = new(SortedMap<ReplicaId, T>.Empty, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => T.Kind;

    /// <summary>Fields of later versions.</summary>
    public UnknownFields Unknown { get; }

    /// <summary>All shares together.</summary>
    public T Whole => _shares.Entries.Aggregate(T.Empty, (whole, share) => whole.Plus(share.Value));

    /// <summary>The delta of a replica's share growing.</summary>
    /// <param name="replica">Whose share.</param>
    /// <param name="grow">Answers the share with more in it.</param>
    public Shares<T> Grow(ReplicaId replica, Func<T, T> grow) =>
        new(SortedMap<ReplicaId, T>.Empty.With(replica, grow(_shares.TryGet(replica, out var share) ? share : T.Empty)), UnknownFields.None);

    /// <inheritdoc/>
    public Shares<T> Merge(Shares<T> other) => new(
        _shares.Join(other._shares, static (ReplicaId _, SortedMap<ReplicaId, T>.Slot mine, SortedMap<ReplicaId, T>.Slot theirs, out T joined) =>
        {
            joined = !theirs.Exists || (mine.Exists && mine.Value.Weight >= theirs.Value.Weight) ? mine.Value : theirs.Value;
            return true;
        }),
        Unknown.Merge(other.Unknown));

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        var field = writer.Field(SharesField);
        field.Count(_shares.Count);
        foreach (var (replica, share) in _shares.Entries)
        {
            field.Fixed(replica.Value);
            share.Write(field);
        }
        writer.Unknown(Unknown);
    }

    /// <inheritdoc/>
    public static Shares<T> Read(StateReader reader)
    {
        var field = reader.Field(SharesField);
        var replicas = new List<ReplicaId>();
        var shares = new List<KeyValuePair<ReplicaId, T>>();
        for (var left = field.AtEnd ? 0 : field.Count(); left > 0 && !field.AtEnd; left--)
        {
            var replica = new ReplicaId(field.Fixed());
            field.Ascending(replicas, replica);
            replicas.Add(replica);
            shares.Add(KeyValuePair.Create(replica, T.Read(field)));
        }
        field.End();
        return new(new([.. shares]), reader.Rest());
    }

    /// <inheritdoc/>
    public bool Equals(Shares<T>? other) => other is not null && _shares.Equals(other._shares) && Unknown.Equals(other.Unknown);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shares<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _shares.GetHashCode();
}

/// <summary>A sum that only its replica adds to.</summary>
/// <typeparam name="T">The type itself.</typeparam>
public interface IShare<T> : IEquatable<T> where T : class, IShare<T>
{
    /// <summary>Nothing was added.</summary>
    static abstract T Empty { get; }

    /// <summary>As <see cref="ICrdt{T}.Kind"/>.</summary>
    static abstract byte Kind { get; }

    /// <summary>How much was added: of two states of one share the one with more is the later.</summary>
    long Weight { get; }

    /// <summary>Both together.</summary>
    T Plus(T other);

    /// <summary>Writes the same bytes for the same share.</summary>
    void Write(WireWriter writer);

    /// <summary>What it answers counts only while the reader has no problem.</summary>
    static abstract T Read(WireReader reader);
}
