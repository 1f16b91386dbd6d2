namespace Hanzo.Edge.Health.Probing;

/// <summary>How the endpoints of a region are probed.</summary>
public sealed record ProbeOptions
{
    /// <summary>What a probe does. Default HTTP.</summary>
    public ProbeKind Kind { get; init; }

    /// <summary>Port to ask instead of the endpoint's own, or null for that one. 1 to 65535; default null.</summary>
    public int? Port { get; init; }

    /// <summary>Name that a DNS probe asks for. Default is the root.</summary>
    public string DnsName { get; init; } = ".";

    /// <summary>Type of record that a DNS probe asks for: A, AAAA, NS, SOA or TXT. Default SOA.</summary>
    public string DnsType { get; init; } = "SOA";

    /// <summary>Request method. Default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Path and query asked for. Default /readyz.</summary>
    public string Path { get; init; } = "/readyz";

    /// <summary>Host header, or null for the endpoint's own.</summary>
    public string? Host { get; init; }

    /// <summary>Time from the start of one probe to the start of the next. 100 ms to 1 h; default 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The interval while in transition: some failures, but not enough to fall, or some successes, but not enough to rise. 20 ms to the interval; null, the default, is a quarter of it.</summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>Share of the interval by which each start is moved at random, both ways, so that targets and edges do not probe in step. 0 to 0.5; default 0.1.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>Time one probe may take, connecting included. 10 ms to the interval; default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Failed probes that take an endpoint down, counted until <see cref="Forgive"/> good ones in a row wipe them. 1 to 100; default 3.</summary>
    public int Fall { get; init; } = 3;

    /// <summary>Good probes in a row that bring it back. 1 to 100; default 2.</summary>
    public int Rise { get; init; } = 2;

    /// <summary>Good probes in a row that wipe earlier failures; 1 makes only failures in a row count. 1 to 100; default 2, so that an endpoint that fails every other probe falls.</summary>
    public int Forgive { get; init; } = 2;

    /// <summary>Fields sent with an HTTP request. Default none.</summary>
    public ValueList<(string Name, string Value)> Headers { get; init; } = new();

    /// <summary>Ranges of statuses that are good, both ends included. Default 200 to 299.</summary>
    public ValueList<(int From, int To)> ExpectedStatus { get; init; } = new((200, 299));

    /// <summary>Status by which an endpoint refuses, so that it counts at once, or null for none but 503 with <c>Hanzo-Health: down</c>. 100 to 599; default null.</summary>
    public int? RefusedStatus { get; init; }

    /// <summary>Text that the first 64 KiB of the body must hold, compared byte by byte in UTF-8, or null to ask for none. Default null.</summary>
    public string? ExpectedBody { get; init; }

    /// <summary>How long after one probe's start the next one starts, before jitter.</summary>
    internal TimeSpan Pace(bool inTransition) => inTransition ? FastInterval ?? Interval / 4 : Interval;
}

/// <summary>What a probe does.</summary>
public enum ProbeKind : byte
{
    /// <summary>Asks over HTTP/1.1, and over TLS with a verified certificate where the endpoint's scheme is https.</summary>
    Http,

    /// <summary>Connects over TCP and closes; an endpoint that accepts vouches for all state classes.</summary>
    Tcp,

    /// <summary>Asks a name server over UDP; NOERROR with a record of the type asked for vouches for all state classes.</summary>
    Dns,
}
