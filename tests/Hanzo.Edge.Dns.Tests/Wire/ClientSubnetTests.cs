using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Tests.Wire;

public sealed class ClientSubnetTests
{
    [Theory]
    [InlineData("0001180a0102", "family says nothing of the scope byte")]
    [InlineData("000118010a0102", "a scope in a query")]
    [InlineData("000118000a01", "too few address bytes")]
    [InlineData("000118000a010203", "too many address bytes")]
    [InlineData("000121000a01020304", "more bits than IPv4 has")]
    [InlineData("0002810020010db8000000000000000000000001ff", "more bits than IPv6 has")]
    [InlineData("000117000a0103", "bits after the prefix")]
    [InlineData("000318000a0102", "an unknown family")]
    [InlineData("000018000a0102", "no family but an address")]
    [InlineData("010118000a0102", "a family above 255")]
    [InlineData("0001", "half an option")]
    public void What_RFC_7871_calls_malformed_is_refused(string hex, string why) =>
        Assert.False(ClientSubnet.TryRead(Convert.FromHexString(hex), out _), why);

    [Theory]
    [InlineData("000118000a0102")]
    [InlineData("000117000a0102")]
    [InlineData("00010000")]
    [InlineData("00000000")]
    [InlineData("000120000a010203")]
    [InlineData("0002300020010db8000a")]
    [InlineData("00028000" + "20010db8000a00000000000000000001")]
    public void A_good_option_is_written_back_as_it_came_but_for_the_scope(string hex)
    {
        var data = Convert.FromHexString(hex);
        Assert.True(ClientSubnet.TryRead(data, out var subnet));
        var option = new byte[subnet.OptionLength];
        Assert.Equal(option.Length, subnet.Write(option, 19));
        data[3] = 19;
        Assert.Equal([0, 8, 0, (byte)data.Length, .. data], option);
    }
}
