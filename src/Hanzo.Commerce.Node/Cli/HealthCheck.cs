namespace Hanzo.Commerce.Node.Cli;

/// <summary>For places that ask a program instead of a port, such as a container's HEALTHCHECK.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<int> Ask(Uri url, TextWriter error, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(url, cancellation);
            if (response.IsSuccessStatusCode)
                return 0;
            await error.WriteLineAsync($"hanzo-node: {url} answered {(int)response.StatusCode}");
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync($"hanzo-node: {url} cannot be reached: {unreachable.Message}");
        }
        return 1;
    }
}
