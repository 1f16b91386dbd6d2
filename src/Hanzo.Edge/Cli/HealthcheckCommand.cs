using System.CommandLine;

namespace Hanzo.Edge.Cli;

/// <summary><c>hanzo-edge healthcheck</c>: whether the running edge is ready; what a container's HEALTHCHECK runs.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The command, to be added to the root.</summary>
    public static Command Create()
    {
        var admin = Arguments.Admin();
        var command = new Command("healthcheck", "Say whether the running edge is ready.") { admin };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(admin)!, parsed.InvocationConfiguration, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Uri admin, InvocationConfiguration console, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = admin, Timeout = Patience };
        try
        {
            using var response = await http.GetAsync("/readyz", cancellation);
            await console.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation));
            return response.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync($"healthcheck: no edge answers at {admin}: {error.Message}");
            return ExitCode.NotReachable;
        }
    }
}
