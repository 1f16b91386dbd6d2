using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Hanzo.Edge.Health.Tests.Support;

/// <summary>A real listener on loopback that answers every request with the same bytes, right or wrong.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> requests = [];
    private readonly Task accepting;
    private int connections;

    public RawServer(string answer, bool holdOpen = false, bool reset = false, X509Certificate2? certificate = null)
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync(socket => ServeAsync(socket, Encoding.UTF8.GetBytes(answer), holdOpen, reset, certificate));
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref connections);

    public Task Answered => answered.Task;

    public IReadOnlyList<string> Requests
    {
        get { lock (requests) return [.. requests]; }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Stop(); // not before: an accept on a stopped listener is an error of its own
        stopping.Dispose();
    }

    private async Task AcceptAsync(Func<Socket, Task> serve)
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(serve(await listener.AcceptSocketAsync(stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, byte[] answer, bool holdOpen, bool reset, X509Certificate2? certificate)
    {
        Interlocked.Increment(ref connections);
        using (socket)
        {
            try
            {
                await using var stream = await OpenAsync(socket, certificate);
                var buffer = new byte[8192];
                var length = await stream.ReadAsync(buffer, stopping.Token);
                lock (requests) requests.Add(Encoding.ASCII.GetString(buffer, 0, length));
                if (reset) socket.LingerState = new LingerOption(true, 0);
                if (answer.Length > 0) await stream.WriteAsync(answer, stopping.Token);
                answered.TrySetResult();
                if (holdOpen) length = await stream.ReadAsync(buffer, stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or AuthenticationException)
            {
                answered.TrySetResult();
            }
        }
    }

    private async Task<Stream> OpenAsync(Socket socket, X509Certificate2? certificate)
    {
        var clear = new NetworkStream(socket);
        if (certificate is null) return clear;
        var tls = new SslStream(clear);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stopping.Token);
        return tls;
    }
}
