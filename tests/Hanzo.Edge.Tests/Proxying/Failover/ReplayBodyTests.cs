using System.Text;
using Hanzo.Edge.Proxying.Failover;

namespace Hanzo.Edge.Tests.Proxying.Failover;

public sealed class ReplayBodyTests
{
    private static readonly string Order = new([.. Enumerable.Range(0, 10_000).Select(i => (char)('a' + i % 26))]);

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public async Task A_body_is_read_again_from_its_start(int announced)
    {
        var body = Body(limit: 10_000, announced);

        Assert.Equal(Order, await Read(body.Open()));
        Assert.True(body.CanReplay);
        Assert.Equal(Order, await Read(body.Open()));
    }

    [Fact]
    public async Task What_was_read_in_part_is_read_again_and_then_on()
    {
        var body = Body(limit: 10_000);
        await body.Open().ReadExactlyAsync(new byte[777]);

        Assert.Equal(Order, await Read(body.Open()));
    }

    [Theory]
    [InlineData(9_999, 0)]
    [InlineData(9_999, 10_000)]
    [InlineData(0, 0)]
    public async Task A_body_over_the_limit_flows_through_once(int limit, int announced)
    {
        var body = Body(limit, announced);
        Assert.True(body.CanReplay);

        Assert.Equal(Order, await Read(body.Open()));
        Assert.False(body.CanReplay);
    }

    private static ReplayBody Body(int limit, long announced = 0) => new(new MemoryStream(Encoding.ASCII.GetBytes(Order)), limit, announced);

    private static async Task<string> Read(Stream stream)
    {
        var buffer = new byte[600];
        var text = new StringBuilder();
        while (await stream.ReadAsync(buffer) is > 0 and var count) text.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return text.ToString();
    }
}
