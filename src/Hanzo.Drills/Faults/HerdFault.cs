namespace Hanzo.Drills.Faults;

/// <summary>A herd of customers comes in the same moment. Arrivals are drawn with it, so there is nothing to do when its time comes.</summary>
internal sealed record HerdFault(int Customers) : Fault("herd", [])
{
    public override int Herd => Customers;

    public override bool EndsByItself => true;

    public override Task<string?> Begin(Scene scene, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public override Task<string?> End(Scene scene, CancellationToken cancellation) => Task.FromResult<string?>(null);

    public override string Text => $"herd of {Customers}";
}
