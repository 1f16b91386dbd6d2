using System.Text;
using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Probing;

public sealed class ReadinessReportTests
{
    [Theory]
    [InlineData("""{"status":"ready","serves":["read","local-write","consensus"]}""", StateClasses.All)]
    [InlineData("""{"serves":["read","local-write"]}""", StateClasses.Read | StateClasses.LocalWrite)]
    [InlineData("""{"serves":["read","time-travel",7]}""", StateClasses.Read)]
    [InlineData("""{"serves":[]}""", StateClasses.None)]
    [InlineData("""{"serves":"read"}""", StateClasses.All)]
    [InlineData("""{"status":"Healthy"}""", StateClasses.All)]
    [InlineData("""["read"]""", StateClasses.All)]
    [InlineData("""{"serves":["read"]""", StateClasses.All)]
    [InlineData("OK", StateClasses.All)]
    [InlineData("", StateClasses.All)]
    public void A_body_reports_these_classes(string body, StateClasses expected) =>
        Assert.Equal(expected, ReadinessReport.Serves(Encoding.UTF8.GetBytes(body)));
}
