using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hanzo.Commerce.Node.Replication;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Hanzo.Commerce.Node.Serving;

/// <summary>By what nodes know each other: a certificate of this node, and the authority that signed those of all nodes.</summary>
internal sealed class NodeCertificates : IDisposable
{
    private readonly X509Certificate2 _own;
    private readonly X509Certificate2Collection _authority;
    private readonly SslStreamCertificateContext _context;

    private NodeCertificates(X509Certificate2 own, X509Certificate2Collection authority) =>
        (_own, _authority, _context) = (own, authority, SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true));

    /// <param name="authority">Certificates, of which one signed those of all nodes.</param>
    /// <exception cref="CryptographicException">A file is no PEM, or the key is another certificate's.</exception>
    public static NodeCertificates Read(string certificate, string key, string authority)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(authority);
        if (trusted.Count == 0)
            throw new CryptographicException($"{authority} holds no certificate");
        using var own = X509Certificate2.CreateFromPemFile(certificate, key);
        // A key that came from PEM serves no listener on every system; one from PKCS 12 does.
        return new NodeCertificates(X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), password: null), trusted);
    }

    public void Secure(HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = _own;
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => IsOurs(certificate);
    }

    /// <summary>How this node opens connections to a peer: it shows its certificate, and wants one with the peer's name.</summary>
    public SslClientAuthenticationOptions For(string name) => new()
    {
        TargetHost = name,
        ClientCertificateContext = _context,
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 shown && IsOurs(shown) && shown.MatchesHostname(name),
    };

    /// <summary>A TLS connection to a peer, over one that is open.</summary>
    public async ValueTask<Stream> Secure(Stream stream, Peer peer, CancellationToken cancellation)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsClientAsync(For(peer.Name), cancellation);
        return secured;
    }

    public void Dispose() => _own.Dispose();

    private bool IsOurs(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
