using System.Collections.Immutable;
using CsCheck;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;

namespace Hanzo.Commerce.Crdt.Tests.Laws;

/// <summary>
/// What replicas did: changes, and in between deltas and whole states that arrived, in any order. All states that it leads to
/// are states that can be; random ones are not, since no two changes have one dot.
/// </summary>
internal sealed class History<T, TOperation> where T : class, ICrdt<T>
{
    public const int Replicas = 4;

    private readonly T[] _states = [.. Enumerable.Repeat(T.Empty, Replicas)];
    private readonly ImmutableHashSet<int>[] _seen = [.. Enumerable.Repeat(ImmutableHashSet<int>.Empty, Replicas)];
    private readonly List<Done<T, TOperation>> _changes = [];

    private History()
    {
    }

    public IReadOnlyList<T> States => _states;

    public IReadOnlyList<Done<T, TOperation>> Changes => _changes;

    public IEnumerable<T> Deltas => _changes.Select(change => change.Delta);

    public T All => Deltas.Aggregate(T.Empty, (all, delta) => all.Merge(delta));

    public static ReplicaId Replica(int index) => new((ulong)(index + 1) * 0x1111_1111_1111_1111);

    public static Gen<History<T, TOperation>> Gen(Gen<TOperation> operation, Func<T, ReplicaId, HybridTime, TOperation, T> delta)
    {
        var step = CsCheck.Gen.Select(CsCheck.Gen.Int[0, 5], CsCheck.Gen.Int[0, Replicas - 1], CsCheck.Gen.Int[0, 1000], CsCheck.Gen.ULong[0, 20], operation);
        return step.Array[0, 24].Select(steps =>
        {
            var history = new History<T, TOperation>();
            foreach (var (kind, replica, other, time, made) in steps)
                history.Step(kind, replica, other, new(time), made, delta);
            return history;
        });
    }

    public override string ToString() => string.Join('\n', _changes.Select((change, index) =>
        $"{index}: {change.Replica} does {change.Operation} at {change.Time.Value}, having seen {string.Join(' ', change.Seen.Order())}"));

    private void Step(int kind, int replica, int other, HybridTime time, TOperation operation, Func<T, ReplicaId, HybridTime, TOperation, T> delta)
    {
        switch (kind)
        {
            case <= 2:
                var made = delta(_states[replica], Replica(replica), time, operation);
                _changes.Add(new(Replica(replica), time, operation, _seen[replica], made));
                Take(replica, made, [_changes.Count - 1]);
                break;
            case <= 4 when _changes.Count > 0:
                Take(replica, _changes[other % _changes.Count].Delta, [other % _changes.Count]);
                break;
            default:
                Take(replica, _states[other % Replicas], _seen[other % Replicas]);
                break;
        }
    }

    private void Take(int replica, T delta, ImmutableHashSet<int> changes)
    {
        _states[replica] = _states[replica].Merge(delta);
        _seen[replica] = _seen[replica].Union(changes);
    }
}

/// <summary>A change that a replica made.</summary>
/// <param name="Seen">The changes that the replica had seen, by their index.</param>
internal sealed record Done<T, TOperation>(ReplicaId Replica, HybridTime Time, TOperation Operation, ImmutableHashSet<int> Seen, T Delta);
