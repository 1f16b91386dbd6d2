using Hanzo.Edge.Health.Probing;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Tests.Support;

/// <summary>Answers for endpoints as a test says, and keeps when each was asked.</summary>
internal sealed class ScriptedProber(TimeProvider time) : IProber
{
    private readonly Dictionary<string, Func<CancellationToken, Task<ProbeOutcome>>> scripts = [];

    public List<(string Endpoint, TimeSpan At)> Asked { get; } = [];

    private DateTimeOffset Start { get; } = time.GetUtcNow();

    public void Answers(string endpoint, ProbeOutcome outcome) => scripts[endpoint] = _ => Task.FromResult(outcome);

    public void Answers(string endpoint, StateClasses serves = StateClasses.All) => Answers(endpoint, ProbeOutcome.Good(serves));

    public void Fails(string endpoint, ProbeResult result = ProbeResult.Connect) => Answers(endpoint, ProbeOutcome.Failed(result, "as scripted"));

    /// <summary>Says nothing until the probe's time is over.</summary>
    public void Hangs(string endpoint) => scripts[endpoint] = async cancellation =>
    {
        var never = new TaskCompletionSource<ProbeOutcome>();
        await using var registration = cancellation.Register(() => never.TrySetCanceled(cancellation));
        return await never.Task.ConfigureAwait(false);
    };

    /// <summary>Says nothing, and does not even listen to its token.</summary>
    public void IsDeaf(string endpoint) => scripts[endpoint] = _ => new TaskCompletionSource<ProbeOutcome>().Task;

    public void Throws(string endpoint, Exception exception) => scripts[endpoint] = _ => throw exception;

    /// <summary>When <paramref name="endpoint"/> was asked, since the start.</summary>
    public TimeSpan[] TimesOf(string endpoint) => [.. Asked.Where(asked => asked.Endpoint == endpoint).Select(asked => asked.At)];

    public Task<ProbeOutcome> ProbeAsync(RegionEndpoint endpoint, ProbeOptions options, CancellationToken cancellation)
    {
        Asked.Add((endpoint.Name, time.GetUtcNow() - Start));
        return scripts.TryGetValue(endpoint.Name, out var script) ? script(cancellation) : Task.FromResult(ProbeOutcome.Good(StateClasses.All));
    }
}
