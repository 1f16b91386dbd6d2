using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Catalog;

/// <summary>
/// Loads the catalog before the node serves, and puts in what a fresh node sells. Every node writes the same documents under
/// one origin at one time long past, outside of any log: they are equal everywhere without being sent, and any edit is later.
/// </summary>
internal sealed class CatalogSeed(Store store, CatalogView view) : IHostedService
{
    private static readonly ReplicaId Seed = Origin.Of("demo-catalog", 1);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        view.Load(store);
        return store.Change(transaction => DemoCatalog.Products.Count(product =>
            transaction.Read(view.Collection, product.Id) is null && transaction.Merge(view.Collection, product.Id, DocumentOf(product))), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Causal<Fields> DocumentOf(Product product)
    {
        var draft = new Draft(Causal<Fields>.Empty, Seed, new(1));
        ProductDocument.Write(draft, product, static _ => false);
        return draft.After;
    }
}
