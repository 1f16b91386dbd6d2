using System.Globalization;
using System.Net;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>Passes commands and questions on to the node that leads, over one HTTP/2 connection a node.</summary>
internal sealed class LeaderClient(ReplicationOptions options, HttpMessageInvoker http, TimeProvider time)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>How long a leader that is replaced may still answer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Null: the other node certainly put it into no log, and it may be tried again.</summary>
    /// <param name="replaced">Completes when the other node leads no more, and an answer of it cannot be waited for.</param>
    public async ValueTask<SubmitOutcome?> Submit(Peer leader, int shard, ReadOnlyMemory<byte> command, TimeSpan left, Task replaced, CancellationToken cancellation)
    {
        try
        {
            using var response = await Send(leader, $"/consensus/v1/{shard}/commands", command, left, replaced, cancellation);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new SubmitOutcome.Applied(await response.Content.ReadAsByteArrayAsync(cancellation)),
                HttpStatusCode.MisdirectedRequest => null,
                HttpStatusCode.InsufficientStorage => new SubmitOutcome.NotApplied(RetryAfter, IsDiskFull: true),
                HttpStatusCode.ServiceUnavailable when IsNotApplied(response) => new SubmitOutcome.NotApplied(RetryAfter),
                >= HttpStatusCode.InternalServerError => new SubmitOutcome.Unknown(RetryAfter),
                _ => new SubmitOutcome.NotApplied(RetryAfter),
            };
        }
        catch (HttpRequestException broken) when (broken.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            // Without a connection nothing was sent.
            return null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException || broken is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new SubmitOutcome.Unknown(RetryAfter);
        }
    }

    /// <summary>Null: it may be asked again, there or elsewhere.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> Read(Peer leader, int shard, ReadOnlyMemory<byte> question, TimeSpan left, Task replaced, CancellationToken cancellation)
    {
        try
        {
            using var response = await Send(leader, $"/consensus/v1/{shard}/questions", question, left, replaced, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
                return await response.Content.ReadAsByteArrayAsync(cancellation);
            // Not in one expression with the answer: beside memory, null is an empty memory.
            return null;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException || broken is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<HttpResponseMessage> Send(Peer leader, string path, ReadOnlyMemory<byte> body, TimeSpan left, Task replaced, CancellationToken cancellation)
    {
        using var request = PeerRequest.To(leader, path, new ReadOnlyMemoryContent(body), options);
        request.Headers.Add(LeaderEndpoints.DeadlineHeader, ((long)left.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        using var late = new CancellationTokenSource(left, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        var sending = http.SendAsync(request, ends.Token);
        if (await Task.WhenAny(sending, replaced) != sending)
            ends.CancelAfter(Grace);
        var response = await sending;
        Sight.Note(response);
        return response;
    }

    private static bool IsNotApplied(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Hanzo-Outcome", out var outcome) && outcome.ToString() == "not-applied";
}
