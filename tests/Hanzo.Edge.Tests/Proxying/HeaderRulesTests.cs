using Hanzo.Edge.Proxying;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("X-Mine", true)]
    [InlineData("keep-alive, X-Mine, Host", true)]
    [InlineData("keep-alive,x-mine", true)]
    [InlineData("keep-alive", false)]
    [InlineData("X-Mine-Too", false)]
    public void A_field_named_by_Connection_belongs_to_this_hop(string connection, bool nominated)
    {
        Assert.Equal(nominated, HeaderRules.IsNominated(new StringValues(connection), "X-Mine"));
        Assert.Equal(nominated, HeaderRules.IsNominated(new StringValues(["close", connection]), "X-Mine"));
    }

    [Theory]
    [InlineData("Host")]
    [InlineData("Content-Length")]
    public void Framing_and_host_cannot_be_taken_away(string name) => Assert.False(HeaderRules.IsNominated(new StringValues(name), name));
}
