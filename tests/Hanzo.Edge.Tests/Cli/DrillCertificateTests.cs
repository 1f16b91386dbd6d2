using Hanzo.Edge.Cli;

namespace Hanzo.Edge.Tests.Cli;

public sealed class DrillCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-01-20T12:00:00Z");

    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData("2026-01-18T09:00:00Z", "2026-01-01T00:00:00Z", "2 passed 2 d 3 h ago, at 2026-01-18 09:00:00Z with seed 7 and hanzo-drill 0.1.0")]
    [InlineData("2026-01-12T12:00:00Z", "2026-01-01T00:00:00Z", "2 passed 8 d 0 h ago, at 2026-01-12 12:00:00Z with seed 7 and hanzo-drill 0.1.0")]
    [InlineData("2026-01-12T11:59:59Z", "2026-01-01T00:00:00Z", "2 passed 8 d 0 h ago, at 2026-01-12 11:59:59Z with seed 7 and hanzo-drill 0.1.0; OVERDUE")]
    [InlineData("2026-01-20T11:58:30Z", "2026-01-20T11:59:00Z", "2 passed 1 min 30 s ago, at 2026-01-20 11:58:30Z with seed 7 and hanzo-drill 0.1.0; the configuration has changed since")]
    public void Its_age_is_told_and_what_came_after_it(string passed, string configuredAt, string expected) => Assert.Equal(
        expected,
        Read($$"""{"schema":"hanzo-drill-certificate/1","passed":"{{passed}}","seed":7,"version":"0.1.0","configuration":"ab","drills":[{},{}]}""").Tell(Now, DateTimeOffset.Parse(configuredAt)));

    [Theory]
    [InlineData("{}", "cannot be read: ")]
    [InlineData("x", "cannot be read: ")]
    [InlineData("""{"schema":"hanzo-drill-certificate/1","passed":"soon"}""", "cannot be read: ")]
    [InlineData("""{"schema":"hanzo-drill-certificate/9"}""", "is no certificate that this version reads")]
    public void What_is_no_certificate_is_told(string text, string expected) =>
        Assert.Contains(expected, Read(text).Tell(Now, Now), StringComparison.Ordinal);

    [Fact]
    public void Without_one_the_command_that_writes_it_is_told() =>
        Assert.StartsWith("no certificate at /nowhere/certificate.json: hanzo-drill run all --certificate DIR", DrillCertificate.Read("/nowhere/certificate.json").Tell(Now, Now), StringComparison.Ordinal);

    private DrillCertificate Read(string text)
    {
        File.WriteAllText(file, text);
        return DrillCertificate.Read(file);
    }
}
