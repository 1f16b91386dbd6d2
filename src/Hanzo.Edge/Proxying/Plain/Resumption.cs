using Hanzo.Edge.Proxying.Direct;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>Where a request is that <see cref="PlainConnection"/> has begun and does not end.</summary>
internal enum ResumePoint
{
    /// <summary>No region may serve it.</summary>
    Refused,

    /// <summary>Its endpoint has seen nothing of it.</summary>
    Asking,

    /// <summary>The head of a response came.</summary>
    Answered,

    /// <summary>The attempt failed.</summary>
    Failed,

    /// <summary>The attempt took too long.</summary>
    Cut,
}

/// <summary>A request that was begun by one server and is ended by another, which reads it once more.</summary>
/// <param name="Exchange">What was found out about it.</param>
/// <param name="At">How far it has come.</param>
/// <param name="Upstream">The connection to its endpoint, or null.</param>
/// <param name="Broken">Why the attempt failed, or null.</param>
/// <param name="Cut">Ends the attempt.</param>
internal sealed record Resumption(Exchange Exchange, ResumePoint At, UpstreamConnection? Upstream = null, Exception? Broken = null, CancellationToken Cut = default);
