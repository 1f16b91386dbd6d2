using System.IO.Pipelines;
using Hanzo.Edge.Proxying.Plain;
using Microsoft.Extensions.Time.Testing;

namespace Hanzo.Edge.Tests.Proxying.Plain;

public sealed class ClientWriterTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_client_is_too_slow_when_it_is_given_what_it_may_take_and_takes_longer()
    {
        var time = new FakeTimeProvider();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50));
        var writer = new ClientWriter(pipe.Writer, time);
        await writer.WriteAsync(new byte[10]);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(writer.IsTooSlow(Grace, rate: 1)); // nothing waits for it

        var sending = writer.WriteAsync(new byte[200]);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.False(writer.IsTooSlow(Grace, rate: 1));
        Assert.False(writer.IsTooSlow(TimeSpan.FromSeconds(10), rate: 1000));
        Assert.True(writer.IsTooSlow(Grace, rate: 1000));

        pipe.Reader.AdvanceTo((await pipe.Reader.ReadAsync()).Buffer.End);
        await sending;
        Assert.False(writer.IsTooSlow(Grace, rate: 1000));
    }
}
