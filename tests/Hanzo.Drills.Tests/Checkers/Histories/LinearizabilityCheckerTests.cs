using Hanzo.Drills.Checkers.Histories;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class LinearizabilityCheckerTests
{
    private const int Histories = 3000;

    private static Past<RegisterCall, RegisterAnswer> Past => new();

    [Fact]
    public void An_empty_history_has_an_order() =>
        Assert.Equal(Outcome.Linearizable, LinearizabilityChecker.Check(new RegisterModel(), Past.Operations).Outcome);

    [Fact]
    public void The_order_explains_every_answer_and_respects_time()
    {
        var history = Served(new Random(7), 200);

        var verdict = LinearizabilityChecker.Check(new RegisterModel(), history);

        Assert.Equal(Outcome.Linearizable, verdict.Outcome);
        Assert.True(Explains([.. verdict.Order]));
        Assert.Empty(history.Where(operation => operation.Answer is not null).Except(verdict.Order));
    }

    [Fact]
    public void What_a_real_register_answered_is_linearizable_and_one_changed_answer_mostly_is_not()
    {
        var found = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var history = Served(new Random(seed), 100);
            Assert.Equal(Outcome.Linearizable, LinearizabilityChecker.Check(new RegisterModel(), history).Outcome);

            var read = history.FindIndex(operation => operation is { Call: RegisterCall.Read, Answer: not null });
            history[read] = history[read] with { Answer = history[read].Answer! with { Value = new(true, -1) } };
            found += LinearizabilityChecker.Check(new RegisterModel(), history).Outcome == Outcome.NotLinearizable ? 1 : 0;
        }
        Assert.Equal(100, found);
    }

    [Fact]
    public void It_says_what_trying_every_order_says()
    {
        var verdicts = new Dictionary<Outcome, int> { [Outcome.Linearizable] = 0, [Outcome.NotLinearizable] = 0 };
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = Arbitrary(new Random(seed));
            var verdict = LinearizabilityChecker.Check(new RegisterModel(), history).Outcome;
            verdicts[verdict]++;
            Assert.True((verdict == Outcome.Linearizable) == AnyOrderExplains(history), $"seed {seed}:\n{string.Join('\n', history)}");
        }
        Assert.All(verdicts.Values, count => Assert.True(count > Histories / 10, $"the generator is one-sided: {count}"));
    }

    [Fact]
    public void The_evidence_ends_with_what_cannot_follow()
    {
        var verdict = LinearizabilityChecker.Check(new RegisterModel(), Past
            .Answered(0, 1, new RegisterCall.Write(5), new(true))
            .Answered(2, 3, new RegisterCall.Read(), new(true, 0)).Operations);

        Assert.Equal(
            """
              client 0: Write { Value = 5 } -> RegisterAnswer { Done = True, Value = 0 } [0, 1]
              cannot follow: client 1: Read { } -> RegisterAnswer { Done = True, Value = 0 } [2, 3]
            """,
            verdict.Evidence());
    }

    [Fact]
    public void Keys_are_judged_apart()
    {
        var write = new Operation<RegisterCall, RegisterAnswer>(0, new RegisterCall.Write(5), 0, new(new(true), 1));
        var stale = new Operation<RegisterCall, RegisterAnswer>(1, new RegisterCall.Read(), 2, new(new(true, 0), 3));

        var verdicts = LinearizabilityChecker.CheckPerKey(new RegisterModel(), [("a", write), ("b", write), ("b", stale)]);

        Assert.Equal([("a", Outcome.Linearizable), ("b", Outcome.NotLinearizable)], verdicts.Select(entry => (entry.Key, entry.Verdict.Outcome)));
    }

    [Fact]
    public void A_search_that_outgrows_its_bound_gives_up_instead_of_guessing()
    {
        var past = Past;
        for (var i = 0; i < 20; i++)
            past.Answered(0, 100, new RegisterCall.Write(i + 1), new(true));
        past.Answered(101, 102, new RegisterCall.Read(), new(true, 99));

        Assert.Equal(Outcome.GaveUp, LinearizabilityChecker.Check(new RegisterModel(), past.Operations, mostPlaces: 1000).Outcome);
    }

    /// <summary>What clients of a register saw that takes each call at some instant between call and answer; some answers are lost.</summary>
    private static List<Operation<RegisterCall, RegisterAnswer>> Served(Random random, int count)
    {
        var calls = Enumerable.Range(0, count)
            .Select(client => (Client: client, Call: RandomCall(random, 3), Called: (long)random.Next(count * 4), Waits: random.Next(1, 20), Works: random.Next(1, 20)))
            .OrderBy(entry => entry.Called + entry.Waits);
        var value = 0L;
        var history = new List<Operation<RegisterCall, RegisterAnswer>>();
        foreach (var (client, call, called, waits, works) in calls)
        {
            RegisterAnswer answer;
            (value, answer) = call switch
            {
                RegisterCall.Write write => (write.Value, new RegisterAnswer(true)),
                RegisterCall.CompareAndSet swap when swap.Expected == value => (swap.Value, new RegisterAnswer(true)),
                RegisterCall.CompareAndSet => (value, new RegisterAnswer(false)),
                _ => (value, new RegisterAnswer(true, value)),
            };
            history.Add(new(client, call, called, random.Next(10) == 0 ? null : new(answer, called + waits + works)));
        }
        return history;
    }

    /// <summary>Few operations that overlap much, with answers drawn by lot.</summary>
    private static List<Operation<RegisterCall, RegisterAnswer>> Arbitrary(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 6)).Select(client =>
        {
            var called = random.Next(12);
            var call = RandomCall(random, 2);
            var answer = call switch
            {
                RegisterCall.Read => new RegisterAnswer(true, random.Next(2)),
                RegisterCall.Write => new RegisterAnswer(true),
                _ => new RegisterAnswer(random.Next(2) == 0),
            };
            return new Operation<RegisterCall, RegisterAnswer>(client, call, called, random.Next(6) == 0 ? null : new(answer, called + random.Next(1, 8)));
        })];

    private static RegisterCall RandomCall(Random random, int values) => random.Next(3) switch
    {
        0 => new RegisterCall.Read(),
        1 => new RegisterCall.Write(random.Next(values)),
        _ => new RegisterCall.CompareAndSet(random.Next(values), random.Next(values)),
    };

    /// <summary>The dumb checker: every subset of the unanswered, in every order.</summary>
    private static bool AnyOrderExplains(List<Operation<RegisterCall, RegisterAnswer>> left, List<Operation<RegisterCall, RegisterAnswer>>? before = null)
    {
        before ??= [];
        return (left.TrueForAll(operation => operation.Answer is null) && Explains(before))
            || left.Exists(next => AnyOrderExplains([.. left.Where(operation => operation != next)], [.. before, next]));
    }

    private static bool Explains(List<Operation<RegisterCall, RegisterAnswer>> order)
    {
        for (var later = 0; later < order.Count; later++)
            if (order.Take(later).Any(earlier => order[later].Answer is { } answer && answer.At < earlier.Called))
                return false;
        var value = 0L;
        foreach (var operation in order)
        {
            var (next, answer) = operation.Call switch
            {
                RegisterCall.Write write => (write.Value, new RegisterAnswer(true)),
                RegisterCall.CompareAndSet swap when swap.Expected == value => (swap.Value, new RegisterAnswer(true)),
                RegisterCall.CompareAndSet => (value, new RegisterAnswer(false)),
                _ => (value, new RegisterAnswer(true, value)),
            };
            if (operation.Answer is { } seen && seen.Value != answer)
                return false;
            value = next;
        }
        return true;
    }
}
