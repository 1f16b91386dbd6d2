namespace Hanzo.Edge.Steering.Tests;

public sealed class SteeringCodesTests
{
    [Fact]
    public void Every_word_of_steering_has_a_code_of_its_own()
    {
        AreCodes(Enum.GetValues<CandidateReason>().Select(reason => reason.Code()));
        AreCodes(Enum.GetValues<LatencySource>().Select(source => source.Code()));
        AreCodes(Enum.GetValues<PlaceSource>().Select(source => source.Code()));
        AreCodes(Enum.GetValues<StateClass>().Select(state => state.Code()));
    }

    private static void AreCodes(IEnumerable<string> codes)
    {
        Assert.All(codes, code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code));
        Assert.Equal(codes.Count(), codes.Distinct().Count());
    }
}
