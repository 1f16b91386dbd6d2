using System.Buffers;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>
/// What nodes ask of the one that leads, in frames as <see cref="MessageCodec"/> heads them. Call: number (8), milliseconds
/// that the caller still waits (8), content. Answer: number of the call (8), what became of it (1), how far the state holds
/// the log (8), content.
/// </summary>
internal static class CallCodec
{
    private const int CallLength = 20;
    private const int AnswerLength = 21;

    public static void Write(IBufferWriter<byte> to, Call call)
    {
        var length = CallLength + call.Content.Length;
        var span = to.GetSpan(MessageCodec.HeadLength + length);
        MessageCodec.Head(span, call.Kind, call.Shard, length);
        var fields = new FieldWriter(span[MessageCodec.HeadLength..]);
        fields.Add(call.Number);
        fields.Add((long)call.Left.TotalMilliseconds);
        fields.Add(call.Content.Span);
        to.Advance(MessageCodec.HeadLength + length);
    }

    public static void Write(IBufferWriter<byte> to, long number, CallAnswer answer)
    {
        var length = AnswerLength + answer.Content.Length;
        var span = to.GetSpan(MessageCodec.HeadLength + length);
        MessageCodec.Head(span, MessageKind.Answer, 0, length);
        var fields = new FieldWriter(span[MessageCodec.HeadLength..]);
        fields.Add(number);
        fields.Add((byte)answer.Fate);
        fields.Add(answer.Applied);
        fields.Add(answer.Content.Span);
        to.Advance(MessageCodec.HeadLength + length);
    }

    /// <summary>Null where it cannot be read.</summary>
    public static Call? Read(MessageKind kind, int shard, ReadOnlyMemory<byte> frame)
    {
        var fields = new FieldReader(frame);
        var (number, milliseconds, content) = (fields.Number(), fields.Number(), fields.Octets());
        return fields.IsWhole && milliseconds is >= 0 and <= Call.MostMilliseconds ? new Call(kind, shard, number, TimeSpan.FromMilliseconds(milliseconds), content) : null;
    }

    /// <summary>Null where it cannot be read.</summary>
    public static (long Number, CallAnswer Answer)? ReadAnswer(ReadOnlyMemory<byte> frame)
    {
        var fields = new FieldReader(frame);
        var (number, fate, applied, content) = (fields.Number(), (CallFate)fields.Flags(), fields.Number(), fields.Octets());
        return fields.IsWhole ? (number, new CallAnswer(fate, content, applied)) : null;
    }
}

/// <summary>A command or a question for the leader of a shard.</summary>
/// <param name="Number">Names it on its connection.</param>
/// <param name="Left">How long the caller still waits.</param>
internal readonly record struct Call(MessageKind Kind, int Shard, long Number, TimeSpan Left, ReadOnlyMemory<byte> Content)
{
    public const long MostMilliseconds = 60_000;
}

/// <param name="Content">What the machine said, where it is <see cref="CallFate.Done"/>.</param>
/// <param name="Applied">Up to where the state that it was said from holds the shard's log.</param>
internal readonly record struct CallAnswer(CallFate Fate, ReadOnlyMemory<byte> Content = default, long Applied = 0);

/// <summary>What became of a call. The numbers are part of the protocol.</summary>
internal enum CallFate : byte
{
    Done = 1,

    /// <summary>It stands in no log, and nothing was read: it may be tried again, there or elsewhere.</summary>
    NotTaken = 2,

    /// <summary>The leader's disk has no room for it.</summary>
    NoRoom = 3,

    /// <summary>A command may be applied.</summary>
    Unknown = 4,
}
