using CsCheck;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Health.State;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.State;

public sealed class EndpointStateTests
{
    private static readonly Gen<ProbeOptions> genOptions = Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[1, 4],
        (fall, rise, forgive) => new ProbeOptions { Fall = fall, Rise = rise, Forgive = forgive });

    // 'g' good, 'f' failure of any silent kind, 'r' refusal, 'e' defect of the prober.
    private static readonly Gen<string> genScript = Gen.Frequency((5, Gen.Const('g')), (5, Gen.Const('f')), (1, Gen.Const('r')), (1, Gen.Const('e')))
        .Array[0, 60].Select(letters => new string(letters));

    [Theory]
    [InlineData("g", "u")]
    [InlineData("f", "d")]
    [InlineData("e", "?")]
    [InlineData("gffg", "uuuu")]
    [InlineData("gfffg", "uuudd")]
    [InlineData("gfffgg", "uuuddu")]
    [InlineData("gfffgfgg", "uuuddddu")]
    [InlineData("gr", "ud")]
    [InlineData("grgg", "uddu")]
    [InlineData("gffeef", "uuuuud")]
    [InlineData("gffgff", "uuuudd")] // One clean probe does not forgive where two are asked for: the fifth probe is failure three.
    [InlineData("gffggff", "uuuuuuu")]
    [InlineData("gfgfgf", "uuuuud")]
    public void An_endpoint_goes_through_these_states_with_fall_3_rise_2_forgive_2(string script, string expected)
    {
        var options = new ProbeOptions { Fall = 3, Rise = 2, Forgive = 2 };

        Assert.Equal(expected.Length == script.Length ? expected : throw new ArgumentException("one state a probe"), Run(script, options));
    }

    [Fact]
    public void An_endpoint_falls_only_by_refusal_or_after_enough_failures_that_were_not_forgiven() =>
        Gen.Select(genScript, genOptions).Sample((script, options) =>
        {
            var states = Run(script, options);
            for (var i = 1; i < states.Length; i++)
                if (states[i - 1] == 'u' && states[i] == 'd')
                    Assert.True(script[i] == 'r' || FailuresNotForgiven(script[..(i + 1)], states, options) >= options.Fall, $"{script} {states} at {i}");
        });

    [Fact]
    public void Fall_failures_in_a_row_always_take_an_endpoint_down() =>
        Gen.Select(genScript, genOptions).Sample((script, options) =>
            Assert.Equal('d', Run(script + new string('f', options.Fall), options)[^1]));

    [Fact]
    public void An_endpoint_rises_exactly_with_the_last_of_rise_good_probes_in_a_row() =>
        Gen.Select(genScript, genOptions).Sample((script, options) =>
        {
            var states = Run(script, options);
            var clean = 0;
            for (var i = 1; i < states.Length; i++)
            {
                clean = states[i - 1] != 'd' ? 0 : script[i] switch { 'g' => clean + 1, 'e' => clean, _ => 0 };
                Assert.Equal(states[i - 1] == 'd' && clean == options.Rise, states[i - 1] == 'd' && states[i] == 'u');
                if (states[i] == 'u') clean = 0;
            }
        });

    [Fact]
    public void An_endpoint_that_is_down_serves_nothing_and_one_that_is_up_serves_what_it_said_last() =>
        Gen.Select(Gen.Enum<StateClasses>().Array[1, 30], genScript, genOptions).Sample((classes, script, options) =>
        {
            var state = EndpointState.Unprobed;
            var last = StateClasses.None;
            for (var i = 0; i < script.Length; i++)
            {
                var outcome = Outcome(script[i], classes[i % classes.Length]);
                if (outcome.IsGood) last = outcome.Serves;
                state = state.After(outcome, options);
                Assert.Equal(state.State == HealthState.Up ? last : StateClasses.None, state.Health.Serves);
            }
        });

    [Fact]
    public void A_steady_endpoint_is_not_in_transition()
    {
        var options = new ProbeOptions { Fall = 3, Rise = 2, Forgive = 2 };

        Assert.Equal("nyynyynny", Transition("gfggffffg", options));
    }

    private static string Transition(string script, ProbeOptions options)
    {
        var state = EndpointState.Unprobed;
        return string.Concat(script.Select(letter => (state = state.After(Outcome(letter), options)).InTransition ? 'y' : 'n'));
    }

    private static string Run(string script, ProbeOptions options)
    {
        var state = EndpointState.Unprobed;
        return string.Concat(script.Select(letter => (state = state.After(Outcome(letter), options)).State switch
        {
            HealthState.Up => 'u',
            HealthState.Down => 'd',
            _ => '?',
        }));
    }

    private static ProbeOutcome Outcome(char letter, StateClasses serves = StateClasses.All) => letter switch
    {
        'g' => ProbeOutcome.Good(serves),
        'r' => ProbeOutcome.Failed(ProbeResult.Refused, ""),
        'e' => ProbeOutcome.Failed(ProbeResult.Error, ""),
        _ => ProbeOutcome.Failed(ProbeResult.Timeout, ""),
    };

    // Counted anew from the text: failures since the endpoint last came up, back to the last run of enough good probes.
    private static int FailuresNotForgiven(string script, string states, ProbeOptions options)
    {
        var (failures, clean) = (0, 0);
        for (var i = script.Length - 1; i >= 0 && clean < options.Forgive && (i == script.Length - 1 || states[i] == 'u'); i--)
        {
            if (script[i] == 'f') failures++;
            if (script[i] != 'e') clean = script[i] == 'g' ? clean + 1 : 0;
        }

        return failures;
    }
}
