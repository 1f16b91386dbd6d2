using System.Globalization;
using System.Net;
using System.Text;
using Hanzo.Testing;

namespace Hanzo.Edge.Steering.Tests.Decisions;

/// <summary>
/// A readable file of decisions: lines that describe a world (see <see cref="WorldText"/>), lines that ask, and under each
/// question, indented, the answer. Playing a file writes the answers anew and keeps every other line.
/// <code>
/// ask CITY|nowhere [from IP] [state CLASS] [full REGION,...] [not-routed REGION,...] [affinity N] [sticky REGION] [leader REGION] [or-refuse]
///   1  REGION  REASON  ESTIMATE SOURCE  DISTANCE      to be tried, in this order
///   -  REGION  REASON  ESTIMATE SOURCE  DISTANCE      left out
/// </code>
/// </summary>
internal static class DecisionFile
{
    /// <summary>The text of a file with the answers that steering gives today.</summary>
    public static string Play(string text)
    {
        var world = new WorldText();
        var played = new StringBuilder();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(' ')) continue;
            played.Append(line).Append('\n');
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case []: break;
                case ["world", ..]: world = new WorldText(); break;
                case ["ask", ..]: played.Append(Answer(world.Build(), words)); break;
                default: world.Read(words); break;
            }
        }
        return played.ToString();
    }

    private static string Answer(SteeringWorld world, string[] words)
    {
        var question = Question(world, words);
        var decision = world.Decide(question, new Candidate[Topology.MaxRegions]);
        var answer = new StringBuilder();
        for (var i = 0; i < decision.All.Length; i++)
        {
            var candidate = decision.All[i];
            var position = i < decision.Eligible.Length ? (i + 1).ToString(CultureInfo.InvariantCulture) : "-";
            var estimate = float.IsNaN(candidate.EstimateMs) ? "?" : $"{candidate.EstimateMs:0.0} ms";
            var distance = float.IsNaN(candidate.DistanceKm) ? "?" : $"{candidate.DistanceKm:0} km";
            answer.Append($"  {position,-2} {world.Topology.Regions[candidate.Region].Name,-14} {candidate.Reason.Code(),-12}")
                .Append($"{estimate,9} {candidate.Source.Code(),-10}{distance,9}\n");
        }
        if (decision.FailedOpen) answer.Append("  failed open\n");
        if (decision.Eligible.IsEmpty) answer.Append("  refused\n");
        return answer.ToString();
    }

    private static SteeringQuestion Question(SteeringWorld world, string[] words)
    {
        var question = new SteeringQuestion { Place = WorldText.PlaceId(words[1]) };
        for (var i = 2; i < words.Length; i++)
            question = words[i] switch
            {
                "from" => question with { Network = world.Networks.Find(ClientKey.Of(IPAddress.Parse(words[++i]))) },
                "state" => question with { State = WorldText.State(words[++i]) },
                "full" => question with { Full = Regions(words[++i]) },
                "not-routed" => question with { NotRouted = Regions(words[++i]) },
                "affinity" => question with { Affinity = ulong.Parse(words[++i]) },
                "sticky" => question with { First = world.Topology.IndexOf(words[++i]), FirstReason = CandidateReason.Sticky },
                "leader" => question with { First = world.Topology.IndexOf(words[++i]), FirstReason = CandidateReason.Leader },
                "or-refuse" => question with { WhenNoneHealthy = WhenNoneHealthy.Refuse },
                var word => throw new FormatException($"A question says nothing of '{word}'."),
            };
        return question;

        ulong Regions(string names) => names.Split(',').Aggregate(0UL, (mask, name) => mask | (1UL << world.Topology.IndexOf(name)));
    }
}
