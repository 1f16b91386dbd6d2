using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Hanzo.Commerce.Node.Cli;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Serving;

namespace Hanzo.Commerce.Node.Tests.Serving;

public sealed class NodeCertificatesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hanzo-certificates-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("eu", true)]
    [InlineData("us", false)]
    public async Task A_peer_is_who_its_certificate_names(string expected, bool isTaken)
    {
        CertificateSet.Write(_directory, ["eu", "us"], TimeProvider.System);
        using var server = Read("eu");
        using var client = Read("us");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = server.For("us");
        var serving = Task.Run(async () =>
        {
            using var accepted = await listener.AcceptTcpClientAsync();
            await using var secured = new SslStream(accepted.GetStream());
            await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = options.ClientCertificateContext,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = options.RemoteCertificateValidationCallback,
            });
        });

        using var connection = new TcpClient();
        await connection.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var secure = async () => await (await client.Secure(connection.GetStream(), new Peer(expected, new Uri("https://127.0.0.1:1")), default)).DisposeAsync();
        if (isTaken)
            await secure();
        else
            await Assert.ThrowsAsync<AuthenticationException>(secure);
        connection.Dispose();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private NodeCertificates Read(string node) => NodeCertificates.Read(Path.Combine(_directory, $"{node}.pem"), Path.Combine(_directory, $"{node}.key"), Path.Combine(_directory, "ca.pem"));
}
