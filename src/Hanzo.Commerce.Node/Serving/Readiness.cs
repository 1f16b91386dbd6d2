namespace Hanzo.Commerce.Node.Serving;

/// <summary>Whether the node wants requests. It starts ready and drains at most once.</summary>
internal sealed class Readiness
{
    private volatile bool _draining;

    public bool IsDraining => _draining;

    public void Drain() => _draining = true;
}
