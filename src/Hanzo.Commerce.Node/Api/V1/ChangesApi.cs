using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Feeds;
using Hanzo.Sockets;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/changes: what changed since a cursor, in pages that wait for more (long poll) or as server-sent events.</summary>
internal sealed class ChangesApi(ChangeFeed feed, ChangeJson json, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Readers that may wait or be sent to at once; each costs a connection and a little memory.</summary>
    private const int MostReaders = 500;

    private const int StreamPage = 100;

    /// <summary>How often a stream says that it is alive when nothing changes.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Changes that come so soon after another are sent with it.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private int _readers;

    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes) => endpoints.Read(routes, "/v1/changes", Answer);

    private async ValueTask<ApiAnswer> Answer(ApiRequest request)
    {
        var (query, problem) = FeedQuery.Read(request.Context.Request, feed);
        if (query is null)
            return problem!;
        if (await feed.After(query.Position, 1) is null)
            return Expired;
        return query.IsStream
            ? new ApiAnswer(StatusCodes.Status200OK)
            {
                ContentType = "text/event-stream",
                Stream = response => AsReader(response, ends => Send(response, query, ends)),
            }
            : await Page(query, request.Cancellation);
    }

    private static ApiAnswer Expired => ApiAnswer.Refuse(StatusCodes.Status410Gone, "cursor_expired",
        "The changes after this cursor are no longer kept. Read what you need anew, and go on without a cursor.");

    private async ValueTask<ApiAnswer> Page(FeedQuery query, CancellationToken cancellation)
    {
        if (!TryEnter())
            return Full;
        try
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
            return await Page(query, time.GetTimestamp(), ends.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private async Task<ApiAnswer> Page(FeedQuery query, long start, CancellationToken ends)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteStartArray("data");
        var (position, told) = (query.Position, 0);
        while (true)
        {
            if (await feed.After(position, query.Limit) is not { } entries)
                return Expired;
            foreach (var entry in entries)
            {
                foreach (var part in json.PartsOf(entry, query.Collections))
                {
                    json.Write(writer, entry, part);
                    told++;
                }
                position = entry.Position;
            }
            if (told > 0 || !await Comes(position, query.Wait - time.GetElapsedTime(start), ends))
                break;
        }
        writer.WriteEndArray();
        writer.WriteString("next_cursor", FeedCursor.Write(position));
        writer.WriteEndObject();
        await writer.FlushAsync(CancellationToken.None);
        return new ApiAnswer(StatusCodes.Status200OK, buffer.WrittenSpan.ToArray());
    }

    /// <summary>A node that stops answers with what it has: the cursor goes on in the next region.</summary>
    private async Task<bool> Comes(VersionVector position, TimeSpan within, CancellationToken ends)
    {
        try
        {
            return await feed.Comes(position, within, time, ends);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task Send(HttpResponse response, FeedQuery query, CancellationToken ends)
    {
        var position = query.Position;
        await response.WriteAsync($"id: {FeedCursor.Write(position)}\nevent: position\ndata: {{}}\n\n", ends);
        await response.Body.FlushAsync(ends);
        while (await feed.After(position, StreamPage) is { } entries)
        {
            foreach (var entry in entries)
            {
                foreach (var part in json.PartsOf(entry, query.Collections))
                {
                    await SocketThread.Leave();
                    await response.WriteAsync(Message(entry, part), ends);
                }
                position = entry.Position;
            }
            await response.Body.FlushAsync(ends);
            if (entries.Count > 0)
                continue;
            if (await feed.Comes(position, Heartbeat, time, ends))
                await Task.Delay(Gathering, time, ends);
            else
                await response.WriteAsync(":\n\n", ends);
        }
    }

    private string Message(FeedEntry entry, (string Collection, string Key, int Part) part)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            json.Write(writer, entry, part);
        // Whoever comes back in the middle of an entry is told all of it again.
        var id = part.Part == entry.Entry.Changes.Length - 1 ? $"id: {FeedCursor.Write(entry.Position)}\n" : "";
        return $"{id}event: {part.Collection}\ndata: {Encoding.UTF8.GetString(buffer.WrittenSpan)}\n\n";
    }

    private async Task AsReader(HttpResponse response, Func<CancellationToken, Task> send)
    {
        if (!TryEnter())
        {
            await Full.Write(response);
            return;
        }
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(response.HttpContext.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await send(ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The reader left, or this node stops: it goes on where it stands, here or in the next region.
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private bool TryEnter()
    {
        if (Interlocked.Increment(ref _readers) <= MostReaders)
            return true;
        Interlocked.Decrement(ref _readers);
        return false;
    }

    private static ApiAnswer Full { get; } = ApiAnswer.Refuse(StatusCodes.Status503ServiceUnavailable, "feed_full", $"{MostReaders} readers follow the changes of this node already.") with { RetryAfter = TimeSpan.FromSeconds(5) };
}
