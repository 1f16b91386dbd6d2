using System.Collections.Concurrent;
using System.Net;
using Hanzo.Commerce.Node.Payments.Gateways;
using Hanzo.Commerce.Node.Serving;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hanzo.Commerce.Node.Tests.Serving;

/// <summary>A node that is taken down without being stopped first, as tests and a failed start do.</summary>
public sealed class NodeEndTests
{
    [Fact]
    public async Task Work_that_the_end_breaks_off_is_no_fault()
    {
        var said = new Said();
        for (var times = 0; times < 3; times++)
        {
            var node = NodeHost.Build(new NodeOptions { Region = "us-east", Name = "us-east-1", Listen = new IPEndPoint(IPAddress.Loopback, 0), Gateways = GatewayRouting.Only(new FakeGateway(TimeProvider.System)) }, TimeProvider.System);
            node.Services.GetRequiredService<ILoggerFactory>().AddProvider(said);
            await node.StartAsync();
            await node.DisposeAsync();
        }

        Assert.Contains(said.Lines, line => line.Level == LogLevel.Information);
        Assert.DoesNotContain(said.Lines, line => line.Level >= LogLevel.Warning);
    }

    private sealed class Said : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

        public void Dispose()
        {
        }
    }
}
