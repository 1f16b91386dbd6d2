using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hanzo.Edge.Health.Vantage;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Edge.Peering;

/// <summary>Tells every member what this edge sees, each on its own schedule, hears what they see, and keeps the view of all of them current.</summary>
internal sealed class PeerExchange : IAsyncDisposable
{
    public const string Path = "/peer/v1/report";

    private const int LargestReport = 256 * 1024;

    private readonly CancellationTokenSource stopping = new();
    private readonly PeerOptions options;
    private readonly EdgeState state;
    private readonly ILogger log;
    private readonly PeerSignature signature;
    private readonly PeerInbox inbox;
    private readonly PeerMetrics metrics;
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null });
    private readonly string name;
    private List<Task> running = [];
    private long lastMicros;

    public PeerExchange(PeerOptions options, string name, EdgeState state, ILogger log)
    {
        this.options = options;
        this.name = name;
        this.state = state;
        this.log = log;
        signature = new PeerSignature(Encoding.UTF8.GetBytes(options.Key));
        Desk = new VantageDesk(state.Time, name, [.. options.Members.Keys], options.Exchange, () => state.Readiness.NotReady is null);
        inbox = new PeerInbox(signature, [.. options.Members.Keys], Desk, state.Time);
        metrics = new PeerMetrics(state.Meters, Desk, () => state.Snapshots.View);
    }

    /// <summary>Who sees what.</summary>
    public VantageDesk Desk { get; }

    /// <summary>Begins to tell.</summary>
    public void Start() => running = [.. options.Members.Select(member => TellAsync(member.Key, member.Value, stopping.Token)), FollowAsync(stopping.Token)];

    /// <summary>Takes one report over HTTP. What is refused is not told apart to the sender.</summary>
    public async Task HearAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = LargestReport;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var edge = headers[PeerSignature.EdgeHeader].ToString();
        var refusal = long.TryParse(headers[PeerSignature.TimeHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var micros)
            ? inbox.Take(edge, micros, headers[PeerSignature.SignatureHeader].ToString(), body.GetBuffer().AsSpan(0, (int)body.Length))
            : PeerRefusal.Signature;
        metrics.Heard(refusal);
        context.Response.StatusCode = refusal == PeerRefusal.None ? StatusCodes.Status204NoContent : StatusCodes.Status401Unauthorized;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running);
        stopping.Dispose();
        metrics.Dispose();
        http.Dispose();
    }

    private async Task TellAsync(string member, Uri address, CancellationToken stop)
    {
        var isHeard = true;
        using var timer = new PeriodicTimer(options.Exchange, state.Time);
        do
        {
            var problem = await TellOnceAsync(address, stop);
            if (stop.IsCancellationRequested) return;
            if (problem is null && !isHeard) PeerLog.Reached(log, member);
            if (problem is not null && isHeard) PeerLog.NotReached(log, member, problem);
            isHeard = problem is null;
        }
        while (await Next(timer, stop));
    }

    /// <summary>Sends what is seen now; null, or what went wrong.</summary>
    private async Task<string?> TellOnceAsync(Uri address, CancellationToken stop)
    {
        try
        {
            if (state.Board.Current is not { } health) return null;
            var body = PeerReportJson.Write(Desk.Own(health));
            var micros = NextMicros();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, Path)) { Content = new ByteArrayContent(body) };
            request.Headers.Add(PeerSignature.EdgeHeader, name);
            request.Headers.Add(PeerSignature.TimeHeader, micros.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(PeerSignature.SignatureHeader, signature.Of(name, micros, body));
            using var limit = new CancellationTokenSource(options.Exchange, state.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            using var response = await http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : $"it answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return $"no answer in {options.Exchange.TotalMilliseconds:0} ms";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            PeerLog.Failed(log, e); // a defect here must not end the telling
            return e.Message;
        }
    }

    /// <summary>Silence changes the view as well, so time alone must bring it up to date.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Exchange / 4, state.Time);
        VantageView? told = null;
        while (await Next(timer, stop))
        {
            state.Snapshots.FollowVantage();
            if (state.Snapshots.View is not { } view || view.Equals(told)) continue;
            Tell(view);
            told = view;
        }
    }

    private void Tell(VantageView view) => PeerLog.ViewChanged(
        log,
        string.Join(", ", view.Voters) + (view.HasQuorum ? "" : " (no quorum)"),
        view.Withdrawn.IsEmpty ? "nothing" : string.Join(", ", view.Withdrawn.Select(region => $"{region.Key} ({region.Value})")),
        view.LostEdges.IsEmpty ? "none" : string.Join(", ", view.LostEdges));

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Later than every one before, even if two fall on one tick or the clock was set back a little.
    private long NextMicros()
    {
        for (var known = Volatile.Read(ref lastMicros); ;)
        {
            var next = Math.Max(known + 1, PeerInbox.Micros(state.Time.GetUtcNow()));
            var seen = Interlocked.CompareExchange(ref lastMicros, next, known);
            if (seen == known) return next;
            known = seen;
        }
    }
}
