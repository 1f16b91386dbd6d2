using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Clocks;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Crdt.Wire;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Replication;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Tests.Replication;

public sealed class EntryIntakeTests : IAsyncLifetime
{
    private static readonly ReplicaId Peer = Origin.Of("eu-west-1", 5);

    private ThreeNodes _nodes = null!;

    public async Task InitializeAsync() => _nodes = await ThreeNodes.Start(0);

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task An_entry_from_a_member_is_taken()
    {
        Assert.Null(await Take(Peer, 1, Entry(Stamp(TimeSpan.Zero))));
        Assert.NotNull(await _nodes.CartsOf(0).Find("cart_x"));
    }

    [Fact]
    public async Task An_unknown_origin_is_refused()
    {
        Assert.Contains("no member writes as", await Take(Origin.Of("mars-1", 1), 1, Entry(Stamp(TimeSpan.Zero))));
        Assert.Null(await _nodes.CartsOf(0).Find("cart_x"));
    }

    [Fact]
    public async Task A_clock_too_far_ahead_is_refused_with_the_skew_named()
    {
        var refusal = await Take(Peer, 1, Entry(Stamp(TimeSpan.FromSeconds(60))));
        Assert.Matches(@"clock (59|60)\.\d s ahead", refusal);
        Assert.Null(await _nodes.CartsOf(0).Find("cart_x"));
        Assert.Equal(0, _nodes.StoreOf(0).Vector[Peer]);
    }

    [Fact]
    public async Task A_malformed_entry_and_a_gap_are_refused()
    {
        Assert.Contains("cannot be read", await Take(Peer, 1, [1, 2, 3]));
        Assert.Contains("before those it follows", await Take(Peer, 2, Entry(Stamp(TimeSpan.Zero))));
        Assert.Contains("cannot be read", await _nodes.Of<EntryIntake>(0).Entries(new byte[7]));
        Assert.Equal(0, _nodes.StoreOf(0).Vector[Peer]);
    }

    private Task<string?> Take(ReplicaId origin, long sequence, byte[] body) =>
        _nodes.Of<EntryIntake>(0).Entries(Wire.Entries([new LogRow(origin, sequence, body)]));

    private static HybridTime Stamp(TimeSpan ahead) => HybridTime.At(TimeProvider.System.GetUtcNow() + ahead);

    private static byte[] Entry(HybridTime stamp)
    {
        var draft = new Draft(Causal<Fields>.Empty, Peer, stamp);
        draft.Set(Cart.NotePath, "from afar");
        return new LogEntry(stamp, [new LogChange(new StoreKey(CartBook.Collection.Id, "cart_x"), CrdtCodec.Encode(draft.Delta))]).Encode();
    }
}
