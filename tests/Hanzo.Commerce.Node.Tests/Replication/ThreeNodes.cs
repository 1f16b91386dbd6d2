using System.Net;
using Hanzo.Commerce.Node.Auth;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Serving;
using Hanzo.Commerce.Node.Sessions;
using Hanzo.Commerce.Node.Storage;
using Hanzo.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hanzo.Commerce.Node.Tests.Replication;

/// <summary>Three real nodes in this process, which follow each other over loopback.</summary>
internal sealed class ThreeNodes : IAsyncDisposable
{
    /// <summary>Of the merchant demo, on all nodes.</summary>
    public const string Key = "hk_dev_three";

    private static readonly string[] Names = ["us-east-1", "eu-west-1", "ap-southeast-1"];

    private readonly string _root = Directory.CreateTempSubdirectory("hanzo-nodes-").FullName;
    private readonly int _port = ReservedPorts.Take(3);
    private readonly WebApplication?[] _nodes = new WebApplication?[3];
    private TimeSpan _sessionWait = SessionGateOptions.DefaultWait;

    public static Task<ThreeNodes> Start(params int[] which) => new ThreeNodes().StartAll(which);

    /// <summary>Three that let a request wait for as long as this for what its client has seen.</summary>
    public static Task<ThreeNodes> Start(TimeSpan sessionWait) => new ThreeNodes { _sessionWait = sessionWait }.StartAll([]);

    private async Task<ThreeNodes> StartAll(int[] which)
    {
        foreach (var index in which is [] ? [0, 1, 2] : which)
            await Start(index);
        return this;
    }

    public async Task Start(int index)
    {
        Build(index);
        await _nodes[index]!.StartAsync();
    }

    /// <summary>A node that has its parts and does nothing by itself: it neither listens nor follows the others.</summary>
    public void Build(int index) =>
        _nodes[index] = NodeHost.Build(
            new NodeOptions
            {
                Region = Names[index][..^2],
                Name = Names[index],
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Inner = new IPEndPoint(IPAddress.Loopback, _port + index),
                Data = DirectoryOf(index),
                ApiKeys = ApiKeys.Development(Key),
                SessionWait = _sessionWait,
                Peers = [.. Enumerable.Range(0, 3).Where(other => other != index).Select(PeerOf)],
            },
            TimeProvider.System);

    public async Task Stop(int index)
    {
        await _nodes[index]!.StopAsync();
        await _nodes[index]!.DisposeAsync();
        _nodes[index] = null;
    }

    public void Wipe(int index) => Directory.Delete(DirectoryOf(index), recursive: true);

    public T Of<T>(int index)
        where T : notnull => _nodes[index]!.Services.GetRequiredService<T>();

    public Store StoreOf(int index) => Of<Store>(index);

    public CartBook CartsOf(int index) => Of<CartBook>(index);

    public Peer PeerOf(int index) => new(Names[index], new Uri($"http://127.0.0.1:{_port + index}"));

    public string DirectoryOf(int index) => Path.Combine(_root, Names[index]);

    public string AddressOf(int index) => NodeHost.AddressOf(_nodes[index]!);

    /// <summary>Waits until all that run have seen the same, and then compares every row.</summary>
    public async Task Converge()
    {
        var stores = _nodes.OfType<WebApplication>().Select(node => node.Services.GetRequiredService<Store>()).ToArray();
        await Eventually.Holds(
            () => $"they have seen the same: {string.Join(" | ", stores.Select(store => string.Join(", ", store.Vector.Entries)))}",
            // What was answered before its sync is shown and not held yet: others can have seen as much as is held, and less than is read.
            () => stores.All(store => store.Vector.Equals(stores[0].Vector) && store.Shown.Equals(store.Vector)));
        var rows = stores.Select(RowsOf).ToArray();
        Assert.All(rows, other => Assert.Equal(rows[0], other));
    }

    public async ValueTask DisposeAsync()
    {
        for (var index = 0; index < _nodes.Length; index++)
        {
            if (_nodes[index] is not null)
                await Stop(index);
        }
        Directory.Delete(_root, recursive: true);
    }

    private static List<string> RowsOf(Store store) =>
        [.. Enumerable.Range(0, StoreKey.Ranges)
            .SelectMany(range => store.Look(reader => reader.Range(range)))
            .Select(row => $"{row.Key.Collection} {row.Key.Key} {Convert.ToHexString(row.Value)}")];
}
