using Hanzo.Commerce.Node.Api;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Tests.Api;

/// <summary>What a client is told of a command about which its shard did not say all.</summary>
public sealed class AnswersTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static ApiAnswer To(Submitted submitted) => Answers.To(submitted, _ => new ApiAnswer(201));

    [Fact]
    public void Of_a_command_that_may_be_applied_nothing_is_said_but_how_to_learn_it() =>
        Assert.Equal((503, "unavailable", "unknown", Soon), Told(To(new Submitted(null) { MayBeApplied = true, RetryAfter = Soon })));

    [Fact]
    public void A_command_that_nobody_took_was_not_applied() =>
        Assert.Equal((503, "unavailable", "not-applied", Soon), Told(To(new Submitted(null) { RetryAfter = Soon })));

    [Fact]
    public void A_command_that_found_no_room_names_the_disk() =>
        Assert.Equal((503, "storage_unavailable", "not-applied", Soon), Told(To(new Submitted(null) { IsDiskFull = true, RetryAfter = Soon })));

    [Fact]
    public void A_request_that_is_still_carried_out_is_found_out_by_its_key() =>
        Assert.Equal((503, "unavailable", "unknown", Soon), Told(To(new Submitted(new Result(new Underway("pay_1"), Repeated: false)))));

    [Fact]
    public void A_key_whose_request_is_still_carried_out_is_in_use()
    {
        var answer = To(new Submitted(new Result(new Refused("idempotency_key_in_use"), Repeated: true)));
        Assert.Equal((409, "idempotency_key_in_use", null, Soon), Told(answer));
        Assert.False(answer.IsRepeated);
    }

    [Fact]
    public void A_refusal_that_is_told_again_is_the_same_refusal()
    {
        var answer = To(new Submitted(new Result(new Refused("insufficient_stock"), Repeated: true)));
        Assert.Equal((409, "insufficient_stock", null, null), Told(answer));
        Assert.True(answer.IsRepeated);
    }

    private static (int Status, string? Code, string? Outcome, TimeSpan? RetryAfter) Told(ApiAnswer answer) => (answer.Status, answer.Problem?.Code, answer.Outcome, answer.RetryAfter);
}
