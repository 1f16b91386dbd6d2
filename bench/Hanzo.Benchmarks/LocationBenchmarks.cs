using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Hanzo.Edge.Location;
using Hanzo.Edge.Location.Mmdb;
using Hanzo.Edge.Steering;
using Microsoft.Extensions.Primitives;

namespace Hanzo.Benchmarks;

/// <summary>What a request pays for knowing where its client is, and what a new database costs. One lookup a measured operation.</summary>
[MemoryDiagnoser]
public class LocationBenchmarks
{
    private const int Addresses = 1 << 16;

    private readonly ClientKey[] anyIPv4 = new ClientKey[Addresses];
    private readonly ClientKey[] anyIPv6 = new ClientKey[Addresses];
    private readonly ClientKey[] knownIPv6 = new ClientKey[Addresses];
    private readonly TrustedProxies trusted = new([System.Net.IPNetwork.Parse("127.0.0.0/8"), System.Net.IPNetwork.Parse("10.0.0.0/8")]);
    private readonly ClientKey peer = ClientKey.Of(System.Net.IPAddress.Loopback);
    private byte[] file = [];
    private PlaceTable table = new();

    /// <summary>Compiles the database the product comes with, and draws addresses: anywhere in IPv4, anywhere in global IPv6, and inside IPv6 networks the database has.</summary>
    [GlobalSetup]
    public void Setup()
    {
        file = File.ReadAllBytes(Database());
        table = Compile();
        Console.WriteLine($"// table: {table.SizeInBytes / 1e6:F1} MB, {table.RangeCount:N0} ranges, {table.Places.Length:N0} places");
        var random = new Random(1);
        var starts = table.RangeStarts(int.MaxValue).Where(start => !start.IsIPv4).ToArray();
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < Addresses; i++)
        {
            anyIPv4[i] = ClientKey.Of((uint)random.NextInt64(1L << 32));
            random.NextBytes(bytes);
            bytes[0] = (byte)(0x20 | bytes[0] & 0x1F);
            anyIPv6[i] = new(BinaryPrimitives.ReadUInt128BigEndian(bytes));
            knownIPv6[i] = new(starts[random.Next(starts.Length)].Value + (ulong)random.NextInt64());
        }
    }

    /// <summary>Any IPv4 address.</summary>
    [Benchmark(OperationsPerInvoke = Addresses)]
    public int IPv4_anywhere() => Find(anyIPv4);

    /// <summary>Any global unicast IPv6 address: most are in nobody's network.</summary>
    [Benchmark(OperationsPerInvoke = Addresses)]
    public int IPv6_anywhere() => Find(anyIPv6);

    /// <summary>IPv6 addresses spread evenly over two million networks: the table is larger than the processor's cache, so this is the worst case.</summary>
    [Benchmark(OperationsPerInvoke = Addresses)]
    public int IPv6_in_known_networks() => Find(knownIPv6);

    /// <summary>The client of a request without forwarding headers.</summary>
    [Benchmark]
    public bool Client_without_headers() => ClientAddress.Of(peer, trusted, default, default).Source == ClientSource.Peer;

    /// <summary>The client of a request that came through one proxy.</summary>
    [Benchmark]
    public bool Client_of_one_forwarded_entry() => ClientAddress.Of(peer, trusted, default, new StringValues("81.2.69.142")).Source == ClientSource.Peer;

    /// <summary>Opening, checking and compiling the database.</summary>
    [Benchmark]
    public int Compile_the_database() => Compile().RangeCount;

    private int Find(ClientKey[] clients)
    {
        var places = 0;
        foreach (var client in clients)
        {
            places += table.PlaceOf(client);
        }

        return places;
    }

    private PlaceTable Compile()
        => MmdbFile.TryOpen(file, out var database, out var fault) && PlaceTableCompiler.TryCompile(database, out var compiled, out fault)
            ? compiled
            : throw new InvalidDataException(fault);

    private static string Database()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Hanzo.Edge.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Run inside the repository.");
        }

        return Path.Combine(folder.FullName, "data", "geo", "hanzo-edge-city.mmdb");
    }
}
