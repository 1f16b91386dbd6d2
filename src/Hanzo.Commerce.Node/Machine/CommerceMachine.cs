using System.Text.Json;
using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>The state of one shard behind bytes: what orders the entries need not know what is in them.</summary>
internal sealed class CommerceMachine : IShardMachine
{
    private volatile CommerceState _state = CommerceState.Empty;

    public CommerceState State => _state;

    public ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at)
    {
        var entry = JsonSerializer.Deserialize(command, MachineJson.Context.Entry)!;
        (_state, var result) = _state.Apply(entry, at);
        return JsonSerializer.SerializeToUtf8Bytes(result, MachineJson.Context.Result);
    }

    /// <summary>Answers from the state as it is here and now.</summary>
    public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question) =>
        JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(question, MachineJson.Context.Question)!.Answer(_state), MachineJson.Context.Reply);

    /// <summary>Holds the state of this moment and writes it, while later commands already change it.</summary>
    public Action<Stream> Save()
    {
        var state = _state;
        return to => Snapshot.Save(state, to);
    }

    public void Load(Stream from) => _state = Snapshot.Load(from);
}
