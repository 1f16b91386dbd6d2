using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>The authoritative DNS server: binds, answers, takes new snapshots, stops without dropping what it has received.</summary>
public sealed class DnsServer : IAsyncDisposable
{
    private const int PortAttempts = 20;

    private readonly DnsServerOptions options;
    private readonly DnsServing serving;
    private readonly List<IUdpListener> udp = [];
    private readonly List<TcpListenerLoop> tcp = [];

    /// <summary>Prepares a server; nothing is bound yet.</summary>
    public DnsServer(DnsServerOptions options, DnsSnapshot snapshot, DnsMetrics metrics, TimeProvider time, ILogger<DnsServer> log)
    {
        this.options = options;
        var seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
        serving = new(snapshot, metrics, new ResponseRateLimiter(seed), time, log);
    }

    /// <summary>What is answered from. Setting it is a reload: every query is answered whole from the one before or the new one.</summary>
    public DnsSnapshot Snapshot
    {
        get => serving.Snapshot;
        set => serving.Snapshot = value;
    }

    /// <summary>Where it listens, UDP and TCP, once started.</summary>
    public ImmutableArray<IPEndPoint> Endpoints { get; private set; } = [];

    /// <summary>Binds every address and begins to answer.</summary>
    /// <exception cref="SocketException">An address cannot be had; nothing stays bound.</exception>
    public async Task StartAsync()
    {
        try
        {
            var endpoints = ImmutableArray.CreateBuilder<IPEndPoint>();
            foreach (var endpoint in options.Listen) endpoints.Add(Bind(endpoint));
            Endpoints = endpoints.ToImmutable();
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }

        foreach (var listener in udp) listener.Start();
        foreach (var listener in tcp) listener.Start();
        serving.Log.Started(string.Join(", ", Endpoints), udp.Count);
    }

    /// <summary>Stops: what has been received is answered, then the sockets close.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in udp) listener.Stop();
        foreach (var listener in tcp) await listener.DisposeAsync().ConfigureAwait(false);
        foreach (var listener in udp) listener.Dispose();
        udp.Clear();
        tcp.Clear();
    }

    // With port 0 UDP takes a free port first; that TCP's port of the same number is free too is likely but not sure.
    private IPEndPoint Bind(IPEndPoint endpoint)
    {
        for (var attempt = 1; ; attempt++)
        {
            var first = BindUdp(endpoint);
            try
            {
                tcp.Add(TcpListenerLoop.Bind(first.Endpoint, serving, options));
            }
            catch (SocketException) when (endpoint.Port == 0 && attempt < PortAttempts)
            {
                first.Dispose();
                continue;
            }
            catch
            {
                first.Dispose();
                throw;
            }

            udp.Add(first);
            for (var i = 1; i < Threads; i++) udp.Add(BindUdp(first.Endpoint));
            return first.Endpoint;
        }
    }

    private int Threads => !IsBatched ? 1 : options.Threads > 0 ? options.Threads : Environment.ProcessorCount;

    private bool IsBatched => options.Batched && OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    private IUdpListener BindUdp(IPEndPoint endpoint) =>
        IsBatched ? BatchedUdpListener.Bind(endpoint, serving) : PlainUdpListener.Bind(endpoint, serving);
}
