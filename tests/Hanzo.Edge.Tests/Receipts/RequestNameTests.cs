using Hanzo.Edge.Receipts;

namespace Hanzo.Edge.Tests.Receipts;

/// <summary>Request ids in receipts.</summary>
public sealed class RequestNameTests
{
    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("0000000000000000")]
    [InlineData("ffffffffffffffff")]
    [InlineData("0123456789ABCDEF")]
    [InlineData("0123456789abcdeg")]
    [InlineData("0123456789abcde")]
    [InlineData("00123456789abcdef")]
    [InlineData("7")]
    [InlineData("order-17")]
    public void A_name_is_kept_to_the_letter(string id)
    {
        Assert.Equal(id, new RequestName(id).ToString());
        Assert.Equal(new RequestName(id), new RequestName(new string(id.AsSpan())));
    }

    [Fact]
    public void Names_that_differ_are_different()
    {
        string[] ids = ["0000000000000000", "0000000000000001", "000000000000000", "000000000000000A", "000000000000000a", "x"];
        Assert.Equal(ids.Length, ids.Select(id => new RequestName(id)).Distinct().Count());
    }
}
