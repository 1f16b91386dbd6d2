using System.Collections.Immutable;

namespace Hanzo.Edge.Steering.Failover;

/// <summary>A change of one term that brings a budget under its bound, the other terms left as they are.</summary>
/// <param name="Term">The term to change.</param>
/// <param name="Now">Its value, as configuration writes it: <c>5000ms</c>, <c>20s</c> or a count.</param>
/// <param name="LargestThatFits">The largest value that keeps the bound, in the same unit; whole milliseconds, seconds for a TTL.</param>
public sealed record BudgetRemedy(FailoverTerm Term, string Now, string LargestThatFits)
{
    private static readonly ImmutableArray<Knob> Knobs =
    [
        Knob.Ms(FailoverTerm.ProbeInterval, terms => terms.ProbeInterval, (terms, value) => terms with { ProbeInterval = value }),
        new(FailoverTerm.ProbeFall, "", terms => terms.ProbeFall, (terms, units) => terms with { ProbeFall = (int)units }),
        Knob.Ms(FailoverTerm.ProbeTimeout, terms => terms.ProbeTimeout, (terms, value) => terms with { ProbeTimeout = value }),
        Knob.Ms(FailoverTerm.VantageExchange, terms => terms.VantageExchange, (terms, value) => terms with { VantageExchange = value }),
        Knob.Ms(FailoverTerm.AttemptTimeout, terms => terms.AttemptTimeout, (terms, value) => terms with { AttemptTimeout = value }),
        Knob.Ms(FailoverTerm.BackOff, terms => terms.BackOff, (terms, value) => terms with { BackOff = value }),
        new(FailoverTerm.AnswerTtl, "s", terms => (long)terms.AnswerTtl.TotalSeconds, (terms, units) => terms with { AnswerTtl = TimeSpan.FromSeconds(units) }),
    ];

    // The mildest change keeps the largest part of what was configured.
    internal static ImmutableArray<BudgetRemedy> Find(FailoverTerms terms, Func<FailoverTerms, bool> fits) =>
    [
        .. Knobs
            .Select(knob => (Knob: knob, Now: knob.Read(terms), Fits: knob.LargestThatFits(terms, fits)))
            .Where(found => found.Fits >= 1)
            .OrderByDescending(found => (double)found.Fits / found.Now)
            .Select(found => new BudgetRemedy(found.Knob.Term, found.Knob.Text(found.Now), found.Knob.Text(found.Fits))),
    ];

    private sealed record Knob(FailoverTerm Term, string Unit, Func<FailoverTerms, long> Read, Func<FailoverTerms, long, FailoverTerms> Turn)
    {
        public static Knob Ms(FailoverTerm term, Func<FailoverTerms, TimeSpan> read, Func<FailoverTerms, TimeSpan, FailoverTerms> turn) =>
            new(term, "ms", terms => (long)read(terms).TotalMilliseconds, (terms, units) => turn(terms, TimeSpan.FromMilliseconds(units)));

        public string Text(long units) => $"{units}{Unit}";

        // A smaller value never takes longer, so halving finds the edge between what fits and what does not; 0 where nothing does.
        public long LargestThatFits(FailoverTerms terms, Func<FailoverTerms, bool> fits)
        {
            var largest = 0L;
            var tooLarge = Read(terms);
            while (tooLarge - largest > 1)
            {
                var middle = largest + (tooLarge - largest) / 2;
                if (fits(Turn(terms, middle))) largest = middle;
                else tooLarge = middle;
            }
            return largest;
        }
    }
}
