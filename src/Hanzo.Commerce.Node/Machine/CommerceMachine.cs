using System.Text.Json;
using Hanzo.Commerce.Node.Consensus;
using Hanzo.Commerce.Node.Idempotency;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>The state of one shard behind bytes: what orders the entries need not know what is in them.</summary>
internal sealed class CommerceMachine : IShardMachine
{
    /// <summary>Held while the state is changed, asked or copied: its tables are changed in place.</summary>
    private readonly Lock _gate = new();
    private CommerceState _state = CommerceState.Empty();

    public CommerceState State => _state;

    public ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> command, DateTimeOffset at, bool isAnswerWanted)
    {
        var entry = EntryCodec.ReadEntry(command);
        Result result;
        lock (_gate)
            (_state, result) = _state.Apply(entry, at);
        return isAnswerWanted ? EntryCodec.Write(result, command) : default;
    }

    /// <summary>Answers from the state as it is here and now.</summary>
    public ReadOnlyMemory<byte> Answer(ReadOnlySpan<byte> question)
    {
        var asked = JsonSerializer.Deserialize(question, MachineJson.Context.Question)!;
        Reply reply;
        lock (_gate)
            reply = asked.Answer(_state);
        return JsonSerializer.SerializeToUtf8Bytes(reply, MachineJson.Context.Reply);
    }

    /// <summary>Whether a key was used in this shard, as it is here and now.</summary>
    public bool Knows(KeyUse key)
    {
        lock (_gate)
            return _state.Keys.Contains(key.Id);
    }

    /// <summary>Holds the rows of this moment; they are put in order and written while later commands already change the tables.</summary>
    public Action<Stream> Save()
    {
        lock (_gate)
            return new Snapshot(_state).Save;
    }

    public void Load(Stream from)
    {
        var loaded = Snapshot.Load(from);
        lock (_gate)
            _state = loaded;
    }
}
