using Hanzo.Commerce.Crdt.Elements;
using Hanzo.Commerce.Crdt.Registers;
using Hanzo.Commerce.Node.Analytics;
using Hanzo.Commerce.Node.Documents;
using Hanzo.Commerce.Node.Storage;

namespace Hanzo.Commerce.Node.Events;

/// <summary>
/// The events of all regions, each a row under its id. What a row that is new here adds to the figures is added in the same
/// transaction, so an event counts once however often it is told, and in however many regions.
/// </summary>
internal sealed class EventBook(Store store)
{
    public static StateCollection<LwwRegister<Text>> Collection { get; } = new(3, "events", 4 * 1024, static (transaction, _, before, after) =>
    {
        if (before is null && EventJson.Read(after.Value.Value) is { } told)
            Figures.Count(transaction, told, after.Replica);
    });

    /// <summary>
    /// Takes events. They are with the operating system when this returns: a killed process loses none, a machine that loses
    /// power may lose the last moments.
    /// </summary>
    /// <returns>How many were new here.</returns>
    public Task<int> Take(IReadOnlyList<Event> events, CancellationToken cancellation) => store.ChangeRelaxed(
        transaction => events.Count(told =>
        {
            if (transaction.Read(Collection, told.Id) is not null)
                return false;
            var row = LwwRegister<Text>.Set(transaction.Self, transaction.Stamp, EventJson.Write(told));
            transaction.Write(Collection, told.Id, row, row);
            return true;
        }),
        cancellation);
}
