namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>/v1/openapi.json: what v1 takes and answers, as OpenAPI 3.1. The file beside this one, as it is.</summary>
internal static class DescriptionApi
{
    private static readonly string[] Reading = ["GET", "HEAD"];
    private static readonly byte[] Description = Read();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/v1/openapi.json", Reading, (RequestDelegate)(context =>
        new ApiAnswer(StatusCodes.Status200OK, Description).Write(context.Response)));

    private static byte[] Read()
    {
        using var stream = typeof(DescriptionApi).Assembly.GetManifestResourceStream("openapi.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
