namespace Hanzo.Drills.Traffic;

/// <summary>One request of a customer. With a key it may be sent again, and does nothing twice.</summary>
internal sealed record Request(HttpMethod Method, string Path, object? Body = null, string? Key = null);
