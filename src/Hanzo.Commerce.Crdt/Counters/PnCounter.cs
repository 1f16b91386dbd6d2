using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Counters;

/// <summary>A counter that goes up and down: one that grows for each direction.</summary>
/// <param name="Ups">What was added.</param>
/// <param name="Downs">What was taken away.</param>
/// <param name="Unknown">Fields of later versions.</param>
public sealed record PnCounter(GCounter Ups, GCounter Downs, UnknownFields Unknown) : ICrdt<PnCounter>
{
    private const int UpsField = 1;
    private const int DownsField = 2;

    /// <inheritdoc/>
    public static PnCounter Empty { get; } = new(GCounter.Empty, GCounter.Empty, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => 2;

    /// <summary>What was added without what was taken away; it may be below zero.</summary>
    public long Value => Ups.Value - Downs.Value;

    /// <summary>The delta of adding, or of taking away when <paramref name="amount"/> is below zero.</summary>
    public PnCounter Add(ReplicaId replica, long amount) => amount switch
    {
        > 0 => Empty with { Ups = Ups.Increment(replica, amount) },
        < 0 => Empty with { Downs = Downs.Increment(replica, checked(-amount)) },
        0 => Empty,
    };

    /// <inheritdoc/>
    public PnCounter Merge(PnCounter other) => new(Ups.Merge(other.Ups), Downs.Merge(other.Downs), Unknown.Merge(other.Unknown));

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        writer.State(UpsField, Ups);
        writer.State(DownsField, Downs);
        writer.Unknown(Unknown);
    }

    /// <inheritdoc/>
    public static PnCounter Read(StateReader reader) => new(reader.State<GCounter>(UpsField), reader.State<GCounter>(DownsField), reader.Rest());
}
