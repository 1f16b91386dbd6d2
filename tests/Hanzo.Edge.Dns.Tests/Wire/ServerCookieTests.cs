using Hanzo.Edge.Dns.Wire;
using Hanzo.Testing;

namespace Hanzo.Edge.Dns.Tests.Wire;

public sealed class ServerCookieTests
{
    private static readonly byte[] Secret = Convert.FromHexString("e5e973e5a6b2a43f48e7dc849e37bfcf");
    private static readonly byte[] Client = Convert.FromHexString("2464c4abcf10c957");
    private static readonly Steering.ClientKey Address = Some.Client("198.51.100.100");

    [Fact]
    public void A_new_cookie_is_the_one_of_RFC_9018_appendix_A_1() =>
        Assert.Equal("010000005cf79f111f8130c3eee29480", Make([], 1559731985));

    [Fact]
    public void A_cookie_older_than_half_an_hour_is_renewed_as_in_appendix_A_2()
    {
        var old = Convert.FromHexString("010000005cf79f111f8130c3eee29480");
        Assert.True(ServerCookie.IsValid(Client, old, Address, 1559734385, Secret));
        Assert.Equal("010000005cf7a871d4a564a1442aca77", Make(old, 1559734385));
    }

    [Fact]
    public void A_fresh_cookie_is_handed_out_again()
    {
        var cookie = Convert.FromHexString("010000005cf79f111f8130c3eee29480");
        Assert.Equal(Convert.ToHexStringLower(cookie), Make(cookie, 1559731985 + 1799));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3600, true)]
    [InlineData(3601, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void A_cookie_is_good_for_an_hour_and_five_minutes_of_wrong_clocks(int age, bool good) =>
        Assert.Equal(good, ServerCookie.IsValid(Client, Convert.FromHexString("010000005cf79f111f8130c3eee29480"), Address, (uint)(1559731985 + age), Secret));

    [Fact]
    public void A_cookie_of_another_address_client_or_secret_is_not_good()
    {
        var cookie = Convert.FromHexString("010000005cf79f111f8130c3eee29480");
        Assert.False(ServerCookie.IsValid(Client, cookie, Some.Client("198.51.100.101"), 1559731985, Secret));
        Assert.False(ServerCookie.IsValid([.. Client.Reverse()], cookie, Address, 1559731985, Secret));
        Assert.False(ServerCookie.IsValid(Client, cookie, Address, 1559731985, new byte[16]));
        Assert.False(ServerCookie.IsValid(Client, [.. cookie, 0], Address, 1559731985, Secret));
    }

    private static string Make(byte[] valid, uint now)
    {
        var cookie = new byte[ServerCookie.Length];
        ServerCookie.Write(Client, valid, Address, now, Secret, cookie);
        return Convert.ToHexStringLower(cookie);
    }
}
