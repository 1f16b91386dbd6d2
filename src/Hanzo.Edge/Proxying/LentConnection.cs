using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Hanzo.Edge.Proxying;

/// <summary>A connection lent to a second server: all of it is the first one's, except that the borrower's end is not the connection's.</summary>
internal sealed class LentConnection(ConnectionContext owner) : ConnectionContext
{
    private readonly TaskCompletionSource served = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A copy: the borrower's server sets features of its own (lifetime, heartbeat) that the owner's must not lose.
    private readonly FeatureCollection features = new(owner.Features);

    /// <summary>Completes when the borrower is done.</summary>
    public Task Served => served.Task;

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => owner.ConnectionId;
        set => owner.ConnectionId = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => features;

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => owner.Items;
        set => owner.Items = value;
    }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => owner.Transport;
        set => owner.Transport = value;
    }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get => owner.ConnectionClosed;
        set => owner.ConnectionClosed = value;
    }

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint
    {
        get => owner.LocalEndPoint;
        set => owner.LocalEndPoint = value;
    }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint
    {
        get => owner.RemoteEndPoint;
        set => owner.RemoteEndPoint = value;
    }

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason) => owner.Abort(abortReason);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        served.TrySetResult();
        return base.DisposeAsync();
    }
}
