using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Hanzo.Drills.Traffic;

namespace Hanzo.Drills.Resolving;

/// <summary>
/// The resolver between customers and the edges' DNS: it tells the customer's network, keeps an answer for its TTL and for the
/// networks that its scope says, and asks the next server when one is silent, as those of internet providers do.
/// </summary>
/// <param name="servers">The edges' DNS.</param>
/// <param name="name">The name of the shop.</param>
internal sealed class Resolver(ImmutableArray<IPEndPoint> servers, string name, int seed, TimeProvider time)
{
    private const int BitsToldIPv4 = 24;
    private const int BitsToldIPv6 = 56;
    private const int Rounds = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentDictionary<IPNetwork, Task<Kept?>> _kept = new();
    private readonly ConcurrentDictionary<string, Kept> _neverAskedAgain = new();
    private readonly ConcurrentQueue<Lookup> _lookups = new();
    private readonly Random _random = new(seed);
    private int _first;

    /// <summary>Everything that customers were told.</summary>
    public IReadOnlyCollection<Lookup> Lookups => _lookups;

    /// <summary>The addresses of the shop for a customer, first choice first; none when no server answers.</summary>
    /// <param name="ignoresTtl">Whether the customer keeps the first answer for as long as the drill lasts.</param>
    /// <param name="started">The timestamp from which lookups count.</param>
    public async Task<IReadOnlyList<IPAddress>> Resolve(Customer customer, bool ignoresTtl, long started, CancellationToken cancellation)
    {
        if (ignoresTtl && _neverAskedAgain.TryGetValue(customer.Address, out var first))
            return first.Addresses;
        var answer = await Answer(NetworkOf(customer), cancellation);
        _lookups.Enqueue(new Lookup(time.GetElapsedTime(started), customer, answer is null ? [] : [.. answer.Addresses.Select(address => $"{address}")]));
        if (ignoresTtl && answer is not null)
            _neverAskedAgain.TryAdd(customer.Address, answer);
        return answer?.Addresses ?? [];
    }

    private async Task<Kept?> Answer(IPNetwork client, CancellationToken cancellation)
    {
        foreach (var (network, kept) in _kept)
        {
            // A question under way is shared by those of its own network; what its answer is good for is known afterwards.
            if (network.BaseAddress.AddressFamily == client.BaseAddress.AddressFamily && network.PrefixLength <= client.PrefixLength && network.Contains(client.BaseAddress)
                && (network.Equals(client) || kept.IsCompletedSuccessfully) && await kept.WaitAsync(cancellation) is { } known && time.GetTimestamp() < known.Until)
                return known;
        }
        var asking = Ask(client, cancellation);
        _kept[client] = asking;
        if (await asking is not { } answer)
            return null;
        _kept[Masked(client.BaseAddress, Math.Min(answer.Scope, client.PrefixLength))] = asking;
        return answer;
    }

    private async Task<Kept?> Ask(IPNetwork client, CancellationToken cancellation)
    {
        for (var tries = 0; tries < Rounds * servers.Length; tries++)
        {
            var server = _first % servers.Length;
            if (await Ask(servers[server], client, cancellation) is { } answer)
                return new Kept(answer.Addresses, time.GetTimestamp() + (long)(answer.Ttl.TotalSeconds * time.TimestampFrequency), answer.Scope);
            // Whoever was silent comes last from now on.
            Interlocked.CompareExchange(ref _first, server + 1, server);
        }
        return null;
    }

    private async Task<DnsAnswer?> Ask(IPEndPoint server, IPNetwork client, CancellationToken cancellation)
    {
        ushort id;
        lock (_random)
            id = (ushort)_random.Next(ushort.MaxValue);
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await socket.ConnectAsync(server, either.Token);
            await socket.SendAsync(DnsMessage.Question(id, name, client), either.Token);
            var buffer = new byte[2048];
            var length = await socket.ReceiveAsync(buffer, either.Token);
            return DnsMessage.Read(buffer.AsSpan(0, length), id);
        }
        catch (Exception silent) when (silent is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static IPNetwork NetworkOf(Customer customer) => Masked(IPAddress.Parse(customer.Address), customer.IsIPv4 ? BitsToldIPv4 : BitsToldIPv6);

    private static IPNetwork Masked(IPAddress address, int bits)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = bits; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), bits);
    }

    /// <param name="Until">The timestamp at which its TTL is over.</param>
    private sealed record Kept(IReadOnlyList<IPAddress> Addresses, long Until, int Scope);
}

/// <summary>What a resolver told a customer: none when no server answered it.</summary>
internal sealed record Lookup(TimeSpan At, Customer Customer, ImmutableArray<string> Addresses);
