using Hanzo.Edge.Receipts;

namespace Hanzo.Edge.Tests.Receipts;

public sealed class TwoLettersTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("GB", "GB")]
    [InlineData("zz", "zz")]
    [InlineData("", "??")]
    [InlineData("GBR", "??")]
    [InlineData("G\u0131", "??")]
    public void A_code_is_kept_and_nothing_else_is_taken_for_one(string? code, string? kept) => Assert.Equal(kept, new TwoLetters(code).Text);
}
