using Hanzo.Commerce.Crdt.Wire;

namespace Hanzo.Commerce.Crdt.Causality;

/// <summary>A store and what it has seen.</summary>
/// <typeparam name="TStore">A set, map, register or counter.</typeparam>
/// <param name="Store">What is there.</param>
/// <param name="Context">What was seen: everything in the store, and what was removed from it.</param>
/// <param name="Unknown">Fields of later versions.</param>
public sealed record Causal<TStore>(TStore Store, CausalContext Context, UnknownFields Unknown) : ICrdt<Causal<TStore>>
    where TStore : class, IDotStore<TStore>
{
    private const int ContextField = 1;
    private const int StoreField = 2;

    /// <inheritdoc/>
    public static Causal<TStore> Empty { get; } = new(TStore.Empty, CausalContext.Empty, UnknownFields.None);

    /// <inheritdoc/>
    public static byte Kind => TStore.Kind;

    /// <summary>The delta of a change. It takes effect where it is merged, so first of all here.</summary>
    /// <param name="replica">Who makes the change. Nobody else makes changes under this number.</param>
    /// <param name="change">Answers what is new, and tells the change what it supersedes.</param>
    public Causal<TStore> Delta(ReplicaId replica, Func<TStore, Change, TStore> change)
    {
        var under = new Change(Context, replica);
        var store = change(Store, under);
        return new(store, under.Context, UnknownFields.None);
    }

    /// <summary>What either holds; this state itself where the other brings nothing.</summary>
    public Causal<TStore> Merge(Causal<TStore> other)
    {
        var joined = new Causal<TStore>(Store.Join(other.Store, Context, other.Context), Context.Join(other.Context), Unknown.Merge(other.Unknown));
        // Who learns something has another context; only a state that comes again, or was damaged, is compared as a whole.
        return ReferenceEquals(joined.Context, Context) && Equals(joined) ? this : joined;
    }

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        var replicas = ReplicaTable.Of(Context);
        writer.Field(ContextField).Context(Context, replicas);
        Store.Write(writer.Field(StoreField, replicas));
        writer.Unknown(Unknown);
    }

    /// <inheritdoc/>
    public static Causal<TStore> Read(StateReader reader)
    {
        var (context, replicas) = reader.Field(ContextField).Context();
        var field = reader.Field(StoreField).With(context, replicas);
        var store = field.AtEnd ? TStore.Empty : TStore.Read(field);
        field.End();
        return new(store, context, reader.Rest());
    }
}
