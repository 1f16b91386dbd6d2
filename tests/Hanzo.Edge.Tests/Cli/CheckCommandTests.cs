using System.CommandLine;
using System.Text.Json;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Tests.Configuration;

namespace Hanzo.Edge.Tests.Cli;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string broken = Path.GetTempFileName();

    public CheckCommandTests()
        => File.WriteAllText(broken, Read.DemoText.Replace("regions:", "regoins:", StringComparison.Ordinal));

    [Fact]
    public void A_good_file_is_ok_and_says_what_would_run()
    {
        var (exit, output) = Run(Read.DemoFile);

        Assert.Equal(0, exit);
        Assert.StartsWith($"{Read.DemoFile}: ok\n", output, StringComparison.Ordinal);
        Assert.Contains("listen   http://127.0.0.1:8080; dns 127.0.0.1:5353; admin 127.0.0.1:8081\n", output, StringComparison.Ordinal);
        Assert.Contains("region   eu-west: 127.0.0.1:7102\n", output, StringComparison.Ordinal);
        Assert.Contains("route    catalog: /v1/{**rest}, state read\n", output, StringComparison.Ordinal);
        Assert.Contains("failover requests, route catalog: 1s at worst, 1s promised\n", output, StringComparison.Ordinal);
        Assert.Matches(@"\n +attempt timeout +1s\n +back-off +0ms\n", output);
    }

    [Fact]
    public void The_sample_with_dns_keeps_its_promise()
    {
        var (exit, output) = Run(Path.Combine(Read.Root, "config/edge-dns.yaml"));

        Assert.Equal(0, exit);
        Assert.Contains("failover dns, shop in edge.test: 18.7s at worst, 20s promised\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_file_fails_and_says_where()
    {
        var (exit, output) = Run(broken);

        Assert.Equal(1, exit);
        Assert.Matches($@"^{broken}:\d+:1: error: the file: unknown key 'regoins'; did you mean 'regions'\?\n", output.Split('\n').Single(line => line.Contains("regoins", StringComparison.Ordinal)) + "\n");
        Assert.EndsWith("errors, 1 warning\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_the_same()
    {
        var (exit, good) = Run(Read.DemoFile, "-o", "json");
        var (failed, bad) = Run(broken, "-o", "json");

        Assert.Equal((0, 1), (exit, failed));
        using var ok = JsonDocument.Parse(good);
        Assert.True(ok.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal("us-east", ok.RootElement.GetProperty("regions")[0].GetProperty("name").GetString());
        Assert.Equal(1000, ok.RootElement.GetProperty("failover").GetProperty("requests")[0].GetProperty("worstMs").GetDouble());
        using var wrong = JsonDocument.Parse(bad);
        Assert.False(wrong.RootElement.GetProperty("ok").GetBoolean());
        Assert.Contains(wrong.RootElement.GetProperty("problems").EnumerateArray(), problem =>
            problem.GetProperty("severity").GetString() == "error" && problem.GetProperty("column").GetInt32() == 1);
    }

    public void Dispose() => File.Delete(broken);

    private static (int Exit, string Output) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var exit = CheckCommand.Create(Read.With()).Parse(arguments).Invoke(new InvocationConfiguration { Output = output });
        return (exit, output.ToString());
    }
}
