using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Node.Exports;
using Hanzo.Commerce.Node.Replication;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/analytics/exports: ranges of the origins' logs for a warehouse.</summary>
internal sealed class ExportsApi(LogExport export, ReplicationOptions members, IHostApplicationLifetime lifetime)
{
    private const int DefaultLimit = 10_000;
    private const int MaxLimit = 20_000;

    /// <summary>Exports that may run at once: a Parquet file is held in memory.</summary>
    private const int MostAtOnce = 2;

    private int _running;

    public void Map(Endpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Read(routes, "/v1/analytics/exports", _ => ValueTask.FromResult(List()));
        endpoints.Read(routes, "/v1/analytics/exports/{origin}", request => ValueTask.FromResult(Export(request)));
    }

    private ApiAnswer List()
    {
        var data = export.Ranges().Select(range => (JsonNode)new JsonObject
        {
            ["origin"] = $"{range.Origin}",
            ["node"] = members.NameOf(range.Origin),
            ["first"] = range.First,
            ["last"] = range.Last,
        });
        return new ApiAnswer(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["data"] = new JsonArray([.. data]) }));
    }

    private ApiAnswer Export(ApiRequest request)
    {
        var query = request.Context.Request.Query;
        if (query.FirstOrDefault(parameter => parameter.Value.Count != 1 || parameter.Key is not ("after" or "limit" or "format")) is { Key: { } unknown })
            return Wrong($"{unknown} is not asked for here, or is there twice.");
        if (Number(query["after"], 0) is not { } after || Number(query["limit"], DefaultLimit) is not (>= 1 and <= MaxLimit and var limit))
            return Wrong($"after is a number of the log, 0 for its beginning; limit a whole number from 1 to {MaxLimit}.");
        if ((query["format"].FirstOrDefault() ?? "ndjson") is var format && format is not ("ndjson" or "parquet"))
            return Wrong("format is ndjson or parquet.");
        if (export.Ranges().Where(range => $"{range.Origin}" == request.Route("origin")).ToList() is not [var (origin, first, last)])
            return ApiAnswer.Refuse(StatusCodes.Status404NotFound, "origin_not_found", "No origin has this name, as far as this region knows.");
        if (after < first - 1)
            return ApiAnswer.Refuse(StatusCodes.Status410Gone, "log_cut", $"This log is kept from entry {first} on: go on after {first - 1}.");

        var upTo = Math.Min(last, after + limit);
        var headers = request.Context.Response.Headers;
        headers["Hanzo-Export-Last"] = Math.Max(after, upTo).ToString(CultureInfo.InvariantCulture);
        headers.Link = $"</v1/analytics/exports/{origin}?after={Math.Max(after, upTo)}&limit={limit}&format={format}>; rel=\"next\"";
        return upTo <= after
            ? new ApiAnswer(StatusCodes.Status204NoContent)
            : new ApiAnswer(StatusCodes.Status200OK)
            {
                ContentType = format == "parquet" ? ExportFormat.Parquet : ExportFormat.NdJson,
                Stream = response => Send(response, origin, after, upTo, format == "parquet"),
            };
    }

    private async Task Send(HttpResponse response, ReplicaId origin, long after, long last, bool isParquet)
    {
        if (Interlocked.Increment(ref _running) > MostAtOnce)
        {
            Interlocked.Decrement(ref _running);
            var full = ApiAnswer.Refuse(StatusCodes.Status503ServiceUnavailable, "exports_busy", $"{MostAtOnce} exports run at this node already.") with { RetryAfter = TimeSpan.FromSeconds(5) };
            await full.Write(response);
            return;
        }
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(response.HttpContext.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var rows = export.Rows(origin, after, last);
            await (isParquet ? ExportFormat.WriteParquet(rows, response, ends.Token) : ExportFormat.WriteNdJson(rows, response, ends.Token));
        }
        catch (Exception) when (response.HasStarted)
        {
            // Broken off is what the client must see, not an end.
            response.HttpContext.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static long? Number(string? text, long usual) =>
        text is null ? usual : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ApiAnswer Wrong(string detail) => ApiAnswer.Refuse(StatusCodes.Status400BadRequest, "invalid_query", detail);
}
