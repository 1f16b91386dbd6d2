using System.Net;

namespace Hanzo.Edge.Steering.Tests;

public sealed class EmbeddedIPv4Tests
{
    [Theory]
    [InlineData("::ffff:81.2.69.142", "81.2.69.142")]
    [InlineData("2002:5102:458e::1", "81.2.69.142")]
    [InlineData("2001:0:4136:e378:8000:63bf:aefd:ba71", "81.2.69.142")]
    [InlineData("64:ff9b::81.2.69.142", "81.2.69.142")]
    [InlineData("2a00:1450::1", "2a00:1450::1")]
    [InlineData("81.2.69.142", "81.2.69.142")]
    [InlineData("64:ff9b:1::81.2.69.142", "64:ff9b:1::81.2.69.142")]
    [InlineData("64:ff9b::1:81.2.69.142", "64:ff9b::1:81.2.69.142")]
    [InlineData("::81.2.69.142", "::81.2.69.142")]
    public void The_IPv4_address_of_a_transition_address_is_found(string address, string unwrapped)
        => Assert.Equal(ClientKey.Of(IPAddress.Parse(unwrapped)), EmbeddedIPv4.Unwrap(ClientKey.Of(IPAddress.Parse(address))));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("169.254.1.1")]
    [InlineData("172.31.1.1")]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.1")]
    public void An_embedded_address_that_no_public_client_can_have_is_not_taken(string ipv4)
    {
        var wrapped = ClientKey.Of(IPAddress.Parse($"64:ff9b::{ipv4}"));
        Assert.Equal(wrapped, EmbeddedIPv4.Unwrap(wrapped));
    }

    [Theory]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.169.0.1")]
    public void Public_addresses_beside_the_private_blocks_are_taken(string ipv4)
        => Assert.Equal(ClientKey.Of(IPAddress.Parse(ipv4)), EmbeddedIPv4.Unwrap(ClientKey.Of(IPAddress.Parse($"64:ff9b::{ipv4}"))));
}
