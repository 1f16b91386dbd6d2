using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Tests.Worlds;

public sealed class EdgeTrafficTests
{
    [Fact]
    public void Requests_are_counted_by_region_and_failures_by_status()
    {
        var traffic = EdgeTraffic.Of("""
            # HELP hanzo_edge_requests_total Requests answered.
            hanzo_edge_requests_total{route="shop",region="us-east",continent="NA",code="2xx"} 7
            hanzo_edge_requests_total{route="shop",region="us-east",continent="NA",code="5xx"} 2
            hanzo_edge_requests_total{route="shop",region="eu-west",continent="EU",code="2xx"} 5
            hanzo_edge_requests_in_flight{route="shop",region="eu-west",continent="EU"} 1
            """);

        Assert.Equal((9, 5, 2, 14), (traffic.ByRegion["us-east"], traffic.ByRegion["eu-west"], traffic.Failed, traffic.Requests));
    }
}
