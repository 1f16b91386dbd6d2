using Hanzo.Drills.Checkers.Histories;
using Hanzo.Drills.Cli;

namespace Hanzo.Drills.Tests.Checkers.Histories;

public sealed class HistoryCheckTests
{
    [Fact]
    public void Every_kind_of_object_survives_being_written_and_read()
    {
        var line = new HistoryLine
        {
            Client = 3, Object = "stock/MUG-1", Call = "put", Amount = 5, Version = 2, Called = 10, Answered = 20, Outcome = CallOutcome.Done,
            Stock = new StockFacts(5, 1, 2, 3), Payment = new PaymentFacts(100, true, false, 60, 0), Reservation = ReservationState.Committed, Digest = "a",
        };

        Assert.Equal(line, HistoryLine.Parse(line.ToJson()));
    }

    [Fact]
    public void What_a_real_stock_answered_is_linearizable_and_one_changed_answer_is_not()
    {
        var found = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var history = Served(random, 200);
            Assert.Equal(Outcome.Linearizable, Assert.Single(HistoryCheck.Of(history)).Outcome);

            var changed = random.Next(1, history.Count);
            while (history[changed].Outcome == CallOutcome.Unknown)
                changed = random.Next(1, history.Count);
            history[changed] = Mutate(history[changed], random);
            found += Assert.Single(HistoryCheck.Of(history)).Outcome == Outcome.NotLinearizable ? 1 : 0;
        }
        // A hold that is said to have been done instead of refused can be explained by another whose answer nobody saw.
        Assert.True(found >= 90, $"{found} of 100 changed answers were found");
    }

    [Fact]
    public async Task A_file_is_told_right_wrong_or_unreadable()
    {
        var good = Served(new Random(1), 50);
        var bad = good.Append(new HistoryLine { Client = 0, Object = "stock/A", Call = "read", Called = long.MaxValue - 1, Answered = long.MaxValue, Outcome = CallOutcome.Refused });

        Assert.Equal((0, "50 operations on 1 objects: linearizable"), await Check(good.Select(line => line.ToJson())));
        var (code, told) = await Check(bad.Select(line => line.ToJson()));
        Assert.Equal(1, code);
        Assert.StartsWith("stock/A: NotLinearizable", told, StringComparison.Ordinal);
        Assert.EndsWith("51 operations on 1 objects: NOT linearizable", told, StringComparison.Ordinal);
        Assert.Equal(2, (await Check(["{}"])).Code);
        Assert.Equal(2, (await Check([(good[0] with { Call = "paint" }).ToJson()])).Code);
    }

    private static async Task<(int Code, string Told)> Check(IEnumerable<string> lines)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(file, lines);
            using var told = new StringWriter();
            var code = await CheckHistoryCommand.Run(file, told, told);
            return (code, told.ToString().TrimEnd());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static HistoryLine Mutate(HistoryLine line, Random random) => line switch
    {
        { Stock: { } seen } => line with { Stock = random.Next(2) == 0 ? seen with { OnHand = seen.OnHand + 1 } : seen with { Version = seen.Version - 1 } },
        { Outcome: CallOutcome.Done } => line with { Outcome = CallOutcome.Refused },
        _ => line with { Outcome = CallOutcome.Done },
    };

    /// <summary>What clients of one SKU saw that takes each call at some instant between call and answer; some answers are lost.</summary>
    private static List<HistoryLine> Served(Random random, int count)
    {
        var model = new StockModel();
        var state = new StockFacts(20, 0, 0, 1);
        var history = new List<HistoryLine>
        {
            new() { Client = 0, Object = "stock/A", Call = "put", Amount = 20, Called = -2, Answered = -1, Outcome = CallOutcome.Done, Stock = state },
        };
        for (var at = 0; history.Count < count; at += 5)
        {
            var units = random.Next(1, 4);
            var (name, call) = random.Next(5) switch
            {
                0 => ("read", (StockCall)new StockCall.Read()),
                1 => ("adjust", new StockCall.Adjust(units)),
                2 => ("commit", new StockCall.Commit(units)),
                3 => ("release", new StockCall.Release(units)),
                _ => ("hold", new StockCall.Hold(units)),
            };
            var next = model.After(state, call, new StockAnswer(true));
            state = next ?? state;
            var seen = next is not null && name is "read" or "adjust" ? state : default(StockFacts?);
            var lost = name != "read" && random.Next(10) == 0;
            history.Add(new HistoryLine
            {
                Client = random.Next(8), Object = "stock/A", Call = name, Amount = name == "read" ? null : units, Called = at - random.Next(1, 20),
                Answered = lost ? null : at + random.Next(1, 20),
                Outcome = lost ? CallOutcome.Unknown : next is null ? CallOutcome.Refused : CallOutcome.Done, Stock = lost || next is null ? null : seen,
            });
        }
        return history;
    }
}
