using System.Net;
using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>Where clients and operators connect.</summary>
internal static class ListenSection
{
    private static readonly Section TlsKeys = new();
    private static readonly Key<string> Certificate = TlsKeys.Required("certificate", Scalars.Text("a path"), "PEM file with the certificate and the chain up to its root, relative to this file.");
    private static readonly Key<string> PrivateKey = TlsKeys.Required("key", Scalars.Text("a path"), "PEM file with the private key, relative to this file.");

    private static readonly Section Keys = new();
    private static readonly Key<IPEndPoint> Address = Keys.Required("address", NetworkScalars.ListenAddress, "Address and port that clients connect to. Port 0 takes a free one and tells it in the log.");
    private static readonly Key<bool> ProxyProtocol = Keys.Optional("proxyProtocol", Scalars.Boolean, false, "Every connection begins with a PROXY protocol v2 header; only `clients.trustedProxies` may then connect.");
    private static readonly Key<TlsOptions?> Tls = Keys.Optional("tls", TlsKeys.Builds(BuildTls), "Certificate and key. Without it the address speaks clear text: HTTP/1.1, and HTTP/2 with prior knowledge.");

    private static readonly Section AdminKeys = new();
    private static readonly Key<IPEndPoint> AdminAddress = AdminKeys.Required("address", NetworkScalars.ListenAddress, "Address and port of metrics, health, explain and status. Whoever reaches it sees everything: keep it on loopback or a private network.");

    /// <summary>One item of `listen`.</summary>
    public static Shape<ListenOptions> Shape { get; } = Keys.Builds(values => new ListenOptions
    {
        Address = values.Get(Address),
        ProxyProtocol = values.Get(ProxyProtocol),
        Tls = values.Get(Tls),
    });

    /// <summary>`admin`.</summary>
    public static Shape<IPEndPoint> Admin { get; } = AdminKeys.Builds(values =>
    {
        var address = values.Get(AdminAddress);
        if (!IPAddress.IsLoopback(address.Address))
            values.Warn(AdminAddress, "the admin address is not on loopback: whoever reaches it sees metrics, clients and regions", "listen on 127.0.0.1, or let a firewall decide who may connect");
        return address;
    });

    private static TlsOptions BuildTls(Values values)
    {
        var files = new TlsOptions(values.Reading.FullPath(values.Get(Certificate)), values.Reading.FullPath(values.Get(PrivateKey)));
        WarnIfMissing(values, Certificate, files.CertificateFile);
        WarnIfMissing(values, PrivateKey, files.KeyFile);
        return files;
    }

    private static void WarnIfMissing(Values values, Key key, string path)
    {
        if (!File.Exists(path))
            values.Warn(key, "there is no such file here now; the edge will not start without it");
    }
}
