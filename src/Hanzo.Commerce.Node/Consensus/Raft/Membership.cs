using System.Collections.Immutable;
using System.Text;

namespace Hanzo.Commerce.Node.Consensus.Raft;

/// <summary>Who keeps the log. It holds from the moment its entry is appended, committed or not (Raft dissertation, 4.1).</summary>
/// <param name="Index">Where in the log it was decided; 0 for the founders.</param>
/// <param name="All">In order of ids.</param>
internal sealed record Membership(long Index, ImmutableArray<Member> All)
{
    /// <summary>Of a node that belongs to nothing yet.</summary>
    public static Membership None { get; } = new(0, []);

    public static Membership Of(long index, IEnumerable<Member> members) => new(index, [.. members.OrderBy(member => member.Id, StringComparer.Ordinal)]);

    public IEnumerable<Member> Voters => All.Where(member => member.IsVoter);

    public int Majority => Voters.Count() / 2 + 1;

    public Member? Find(string id) => All.FirstOrDefault(member => member.Id == id);

    public bool IsVoter(string id) => Find(id) is { IsVoter: true };

    /// <summary>The largest number that a majority of the voters has reached.</summary>
    /// <param name="reached">What each has reached.</param>
    public long ReachedByMajority(Func<string, long> reached)
    {
        var numbers = Voters.Select(voter => reached(voter.Id)).OrderDescending().ToArray();
        return numbers.Length == 0 ? 0 : numbers[Majority - 1];
    }

    /// <summary>A line a member: its id, and whether it votes.</summary>
    public byte[] Encode() => Encoding.UTF8.GetBytes(string.Join('\n', All.Select(member => $"{member.Id} {(member.IsVoter ? "voter" : "learner")}")));

    /// <exception cref="InvalidDataException">These are no members.</exception>
    public static Membership Decode(long index, ReadOnlySpan<byte> content) => Of(index, Encoding.UTF8.GetString(content)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ') is [var id, "voter" or "learner"] parts && id.Contains('@')
            ? new Member(id, parts[1] == "voter")
            : throw new InvalidDataException($"\"{line}\" is no member.")));
}
