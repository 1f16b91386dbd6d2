using Hanzo.Commerce.Node.Payments.Gateways;

namespace Hanzo.Commerce.Node.Tests.Payments.Gateways;

public sealed class GatewayFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("gateways-");

    public void Dispose() => _directory.Delete(recursive: true);

    private GatewayRouting Read(string json)
    {
        var path = Path.Combine(_directory.FullName, "gateways.json");
        File.WriteAllText(path, json);
        File.WriteAllText(Path.Combine(_directory.FullName, "key"), "sk_test_1\n");
        return GatewayFile.Read(path, TimeProvider.System);
    }

    [Fact]
    public void Routes_are_taken_in_order_by_currency_and_country()
    {
        var routing = Read("""
            {
              "gateways": [
                {"name": "eu", "kind": "stripe", "url": "https://stripe.example/", "key_file": "key"},
                {"name": "rest", "kind": "fake"}
              ],
              // The first route that takes a payment is the one.
              "routes": [
                {"currencies": ["EUR"], "countries": ["DE", "FR"], "gateways": [{"name": "eu", "weight": 1000000000}, {"name": "rest", "weight": 1e-9}]},
                {"gateways": [{"name": "rest"}]}
              ]
            }
            """);

        Assert.Equal("eu rest", string.Join(' ', routing.For("pay_1", "EUR", "DE")));
        Assert.Equal("rest", string.Join(' ', routing.For("pay_1", "EUR", "US")));
        Assert.Equal("rest", string.Join(' ', routing.For("pay_1", "EUR", null)));
        Assert.Equal("rest", string.Join(' ', routing.For("pay_1", "USD", "DE")));
        Assert.IsType<StripeGateway>(routing.Find("eu"));
    }

    [Theory]
    [InlineData("""{"gateways":[{"name":"a","kind":"fake"}]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"other"}],"routes":[]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"stripe","url":"http://stripe.example/","key_file":"key"}],"routes":[]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"fake"},{"name":"a","kind":"fake"}],"routes":[]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"fake"}],"routes":[{"gateways":[{"name":"b"}]}]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"fake"}],"routes":[{"gateways":[{"name":"a","weight":0}]}]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"fake"}],"routes":[{"currencies":["XXX"],"gateways":[{"name":"a"}]}]}""")]
    [InlineData("""{"gateways":[{"name":"a","kind":"fake"}],"routes":[],"rutes":[]}""")]
    [InlineData("{")]
    public void What_cannot_be_meant_is_refused(string json) => Assert.Throws<FormatException>(() => Read(json));
}
