using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hanzo.Edge.Configuration;
using Hanzo.Testing;
using Microsoft.AspNetCore.Http;

namespace Hanzo.Edge.Tests.Proxying;

public sealed class ListeningTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tls-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_listener_with_a_certificate_speaks_TLS_and_either_version(string version)
    {
        await using var upstream = await Upstream.Start(context => context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-Proto"]} {context.Request.Headers["Forwarded"]}"));
        var configuration = RunningEdge.Configured(RunningEdge.Topology(upstream.Http1, upstream.Http1)) with
        {
            Listen = [new ListenOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Tls = Certificate(out var thumbprint) }],
        };
        await using var edge = await RunningEdge.Start(configuration);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == thumbprint },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(edge.Address) { Scheme = "https", Path = "/" }.Uri)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        var response = await client.SendAsync(request).WaitAsync(Eventually.Patience);

        Assert.Equal(Version.Parse(version), response.Version);
        Assert.StartsWith("https for=127.0.0.1;proto=https", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private TlsOptions Certificate(out string thumbprint)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edge.test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero));
        thumbprint = certificate.GetCertHashString();
        var files = new TlsOptions(Path.Combine(folder, "edge.crt"), Path.Combine(folder, "edge.key"));
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return files;
    }
}
