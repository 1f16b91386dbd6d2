using System.Buffers;
using System.Buffers.Binary;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus.Mesh;

/// <summary>
/// Messages between nodes, little-endian: length of what follows (4 octets), kind (1), shard (1), then the fields in the
/// order in which their records list them.
/// </summary>
internal static class MessageCodec
{
    public const int HeadLength = 6;

    /// <summary>What a connection begins with, so that the listener knows that it is no HTTP.</summary>
    public static ReadOnlySpan<byte> Preface => "HANZORAFT1\n"u8;

    /// <summary>One frame may hold a batch of entries or a whole entry, and no more.</summary>
    public const int MaxLength = 16 << 20;

    public static void Write(IBufferWriter<byte> to, MessageKind kind, ReadOnlySpan<byte> content)
    {
        Head(to.GetSpan(HeadLength), kind, 0, content.Length);
        to.Advance(HeadLength);
        to.Write(content);
    }

    public static void Write(IBufferWriter<byte> to, int shard, Message message)
    {
        var length = LengthOf(message);
        var span = to.GetSpan(HeadLength + length);
        Head(span, KindOf(message), shard, length);
        var fields = new FieldWriter(span[HeadLength..]);
        fields.Add(message.Term);
        switch (message)
        {
            case RequestVote vote:
                fields.Add(vote.LastIndex);
                fields.Add(vote.LastTerm);
                fields.Add((byte)((vote.IsPreVote ? 1 : 0) | (vote.IsTransfer ? 2 : 0)));
                break;
            case VoteReply reply:
                fields.Add((byte)((reply.IsGranted ? 1 : 0) | (reply.IsPreVote ? 2 : 0)));
                break;
            case AppendEntries append:
                fields.Add(append.PreviousIndex);
                fields.Add(append.PreviousTerm);
                fields.Add(append.Commit);
                fields.Add(append.Round);
                foreach (var entry in append.Entries)
                {
                    fields.Add(entry.Term);
                    fields.Add(entry.Stamp);
                    fields.Add((byte)entry.Kind);
                    fields.Add(entry.Content.Span);
                }
                break;
            case AppendReply reply:
                fields.Add(reply.Index);
                fields.Add(reply.Round);
                fields.Add((byte)((reply.IsAccepted ? 1 : 0) | (reply.IsLeaving ? 2 : 0)));
                break;
        }
        to.Advance(HeadLength + length);
    }

    /// <summary>Null where it cannot be read. Entries share the memory of <paramref name="content"/>.</summary>
    public static Message? Read(MessageKind kind, ReadOnlyMemory<byte> content)
    {
        var fields = new FieldReader(content);
        var term = fields.Number();
        Message? message = kind switch
        {
            MessageKind.RequestVote => Vote(ref fields, term),
            MessageKind.VoteReply => fields.Flags() is var flags ? new VoteReply(term, (flags & 1) != 0, (flags & 2) != 0) : null,
            MessageKind.AppendEntries => Append(ref fields, term),
            MessageKind.AppendReply => Reply(ref fields, term),
            MessageKind.TimeoutNow => new TimeoutNow(term),
            _ => null,
        };
        return fields.IsWhole ? message : null;
    }

    private static RequestVote Vote(ref FieldReader fields, long term)
    {
        var (index, lastTerm, flags) = (fields.Number(), fields.Number(), fields.Flags());
        return new RequestVote(term, index, lastTerm, (flags & 1) != 0, (flags & 2) != 0);
    }

    private static AppendReply Reply(ref FieldReader fields, long term)
    {
        var (index, round, flags) = (fields.Number(), fields.Number(), fields.Flags());
        return new AppendReply(term, (flags & 1) != 0, index, round, (flags & 2) != 0);
    }

    private static AppendEntries Append(ref FieldReader fields, long term)
    {
        var (previous, previousTerm, commit, round) = (fields.Number(), fields.Number(), fields.Number(), fields.Number());
        var entries = new List<LogEntry>();
        while (fields.HasMore)
        {
            var (entryTerm, stamp, kind) = (fields.Number(), fields.Number(), (EntryKind)fields.Flags());
            entries.Add(new LogEntry(previous + entries.Count + 1, entryTerm, kind, stamp, fields.Octets()));
        }
        return new AppendEntries(term, previous, previousTerm, commit, round, entries);
    }

    public static void Head(Span<byte> span, MessageKind kind, int shard, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(span, length + 2);
        span[4] = (byte)kind;
        span[5] = (byte)shard;
    }

    private static MessageKind KindOf(Message message) => message switch
    {
        RequestVote => MessageKind.RequestVote,
        VoteReply => MessageKind.VoteReply,
        AppendEntries => MessageKind.AppendEntries,
        AppendReply => MessageKind.AppendReply,
        TimeoutNow => MessageKind.TimeoutNow,
        _ => throw new ArgumentException($"{message.GetType().Name} is not sent as a frame.", nameof(message)),
    };

    private static int LengthOf(Message message) => message switch
    {
        RequestVote => 25,
        VoteReply => 9,
        AppendEntries append => 40 + append.Entries.Sum(entry => 21 + entry.Content.Length),
        AppendReply => 25,
        _ => 8,
    };
}

internal enum MessageKind : byte
{
    Hello = 1,
    Snapshot = 2,
    RequestVote = 3,
    VoteReply = 4,
    AppendEntries = 5,
    AppendReply = 6,
    TimeoutNow = 7,
    Command = 8,
    Question = 9,
    Answer = 10,
}
