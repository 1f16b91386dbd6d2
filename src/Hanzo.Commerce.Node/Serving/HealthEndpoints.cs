namespace Hanzo.Commerce.Node.Serving;

/// <summary>/livez: the process answers. /readyz: it wants requests, and for which classes of state.</summary>
internal static class HealthEndpoints
{
    private static readonly byte[] Ready = """{"status":"ready","serves":["read","local-write","consensus"]}"""u8.ToArray();
    private static readonly byte[] ReadyButForConsensus = """{"status":"ready","serves":["read","local-write"]}"""u8.ToArray();
    private static readonly byte[] Draining = """{"status":"draining","serves":[]}"""u8.ToArray();
    private static readonly byte[] Live = """{"status":"live"}"""u8.ToArray();

    private static readonly string[] Reading = ["GET", "HEAD"];

    /// <param name="isLed">Whether every shard has a leader that this node hears.</param>
    public static void Map(IEndpointRouteBuilder routes, Readiness readiness, Func<bool> isLed)
    {
        routes.MapMethods("/livez", Reading, (RequestDelegate)(context => Write(context.Response, Live)));
        routes.MapMethods("/readyz", Reading, (RequestDelegate)(context => WriteReadiness(context.Response, readiness, isLed)));
    }

    private static Task WriteReadiness(HttpResponse response, Readiness readiness, Func<bool> isLed)
    {
        // A node that is cut off goes on with what needs no majority.
        if (!readiness.IsDraining)
            return Write(response, isLed() ? Ready : ReadyButForConsensus);

        // Said, not guessed: whoever probes need not wait for more failures to believe it.
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers["Hanzo-Health"] = "down";
        return Write(response, Draining);
    }

    private static Task Write(HttpResponse response, byte[] json)
    {
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(json, response.HttpContext.RequestAborted).AsTask();
    }
}
