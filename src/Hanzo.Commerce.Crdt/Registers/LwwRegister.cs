using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Registers;

/// <summary>
/// One value, of which the last written stays: by hybrid time, then by replica, then by value. Of two written at once one is
/// lost; where that may not be, take a <see cref="MvRegister{T}"/>.
/// </summary>
public sealed record LwwRegister<T> : ICrdt<LwwRegister<T>> where T : IElement<T>
{
    private const int WriteField = 1;

    private readonly Written? _last;

    private LwwRegister(Written? last, UnknownFields unknown) => (_last, Unknown) = (last, unknown);

    /// <inheritdoc/>
    public static LwwRegister<T> Empty { get; } = new(null, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => 3;

    /// <summary>Whether there is a value.</summary>
    public bool HasValue => _last is not null;

    /// <summary>The value, or the default of its type when there is none.</summary>
    public T? Value => _last is { } last ? last.Value : default;

    /// <summary>When it was written; 0 when there is none.</summary>
    public HybridTime Time => _last?.Time ?? default;

    /// <summary>Who wrote it; 0 when there is none.</summary>
    public ReplicaId Replica => _last?.Replica ?? default;

    /// <summary>Fields of later versions.</summary>
    public UnknownFields Unknown { get; }

    /// <summary>The delta of writing a value.</summary>
    /// <param name="replica">Who writes.</param>
    /// <param name="time">Later than <see cref="Time"/>, as a hybrid clock that heard of it gives it out; else it has no effect.</param>
    /// <param name="value">What to write.</param>
    public static LwwRegister<T> Set(ReplicaId replica, HybridTime time, T value) => new(new(time, replica, value), UnknownFields.None);

    /// <inheritdoc/>
    public LwwRegister<T> Merge(LwwRegister<T> other) => new(Later(_last, other._last), Unknown.Merge(other.Unknown));

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        if (_last is { } last)
        {
            var field = writer.Field(WriteField);
            field.Fixed(last.Time.Value);
            field.Fixed(last.Replica.Value);
            last.Value.Write(field);
        }
        writer.Unknown(Unknown);
    }

    /// <inheritdoc/>
    public static LwwRegister<T> Read(StateReader reader)
    {
        var field = reader.Field(WriteField);
        Written? last = field.AtEnd ? null : new(new(field.Fixed()), new(field.Fixed()), T.Read(field));
        field.End();
        return new(last, reader.Rest());
    }

    private static Written? Later(Written? a, Written? b) =>
        a is { } left && b is { } right ? (left.CompareTo(right) >= 0 ? a : b) : a ?? b;

    private readonly record struct Written(HybridTime Time, ReplicaId Replica, T Value) : IComparable<Written>
    {
        public int CompareTo(Written other)
        {
            var order = Time.CompareTo(other.Time);
            if (order == 0)
                order = Replica.CompareTo(other.Replica);
            return order != 0 ? order : Value.CompareTo(other.Value);
        }
    }
}
