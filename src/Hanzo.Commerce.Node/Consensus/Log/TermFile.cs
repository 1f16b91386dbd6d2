using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>
/// A member's term and vote, in two places that are written in turns: whatever a power cut does to one, the other is whole.
/// Each: checksum (4), number of the writing (8), term (8), length of the vote (2), the vote.
/// </summary>
internal sealed class TermFile : IDisposable
{
    private const int Place = 512;

    private readonly SafeFileHandle _file;
    private long _writings;

    public TermFile(string path)
    {
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var content = new byte[2 * Place];
        var length = RandomAccess.Read(_file, content, 0);
        for (var i = 0; i < 2; i++)
        {
            var place = content.AsSpan(i * Place, Place);
            if (BinaryPrimitives.ReadUInt32LittleEndian(place) != Checksum.Of(place[4..]) || BinaryPrimitives.ReadInt64LittleEndian(place[4..]) is var writing && writing <= _writings)
                continue;
            _writings = writing;
            Term = BinaryPrimitives.ReadInt64LittleEndian(place[12..]);
            var vote = Encoding.UTF8.GetString(place.Slice(22, BinaryPrimitives.ReadUInt16LittleEndian(place[20..])));
            Vote = vote.Length == 0 ? null : vote;
        }
        if (_writings == 0 && length == content.Length && content.AsSpan().ContainsAnyExcept((byte)0))
            throw new DamagedLogException(path, "neither of its two places can be read");
        if (length < content.Length)
        {
            RandomAccess.Write(_file, content, 0);
            RandomAccess.FlushToDisk(_file);
        }
    }

    public long Term { get; private set; }

    public string? Vote { get; private set; }

    public void Set(long term, string? vote)
    {
        Span<byte> place = stackalloc byte[Place];
        place.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(place[4..], _writings + 1);
        BinaryPrimitives.WriteInt64LittleEndian(place[12..], term);
        var octets = Encoding.UTF8.GetBytes(vote ?? "", place[22..]);
        BinaryPrimitives.WriteUInt16LittleEndian(place[20..], (ushort)octets);
        BinaryPrimitives.WriteUInt32LittleEndian(place, Checksum.Of(place[4..]));
        RandomAccess.Write(_file, place, (_writings + 1) % 2 * Place);
        Disk.SyncContent(_file);
        (_writings, Term, Vote) = (_writings + 1, term, vote);
    }

    public void Dispose() => _file.Dispose();
}
