using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hanzo.Commerce.Node.Cli;

/// <summary>A development set of certificates: an authority of its own, and a certificate for each node.</summary>
internal static class CertificateSet
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Writes ca.pem, and for each node NAME.pem and NAME.key; the authority's key is kept nowhere.</summary>
    public static void Write(string directory, IEnumerable<string> nodes, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var from = time.GetUtcNow().AddHours(-1);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hanzo-node development authority", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = request.CreateSelfSigned(from, from + Lifetime);
        File.WriteAllText(Path.Combine(directory, "ca.pem"), authority.ExportCertificatePem());
        foreach (var node in nodes)
            WriteNode(directory, node, authority, from);
    }

    private static void WriteNode(string directory, string node, X509Certificate2 authority, DateTimeOffset from)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={node}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(node);
        request.CertificateExtensions.Add(names.Build());
        // Both sides of a connection show theirs.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var certificate = request.Create(authority, from, from + Lifetime, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Path.Combine(directory, $"{node}.pem"), certificate.ExportCertificatePem());
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(new FileStream(Path.Combine(directory, $"{node}.key"), options));
        file.Write(key.ExportPkcs8PrivateKeyPem());
    }
}
