using System.Net.Http.Headers;

namespace Hanzo.Edge.Proxying;

/// <summary>Takes the fields of a request on its way upstream.</summary>
internal interface IRequestFields
{
    /// <summary>Adds one, whose value is <paramref name="parts"/> behind each other: who writes bytes needs no string of the whole.</summary>
    void Add(string name, params ReadOnlySpan<string> parts);
}

/// <summary>The fields of a request that YARP sends.</summary>
internal readonly struct MessageFields(HttpRequestHeaders headers) : IRequestFields
{
    /// <inheritdoc/>
    public void Add(string name, params ReadOnlySpan<string> parts) => headers.TryAddWithoutValidation(name, parts.Length == 1 ? parts[0] : string.Concat(parts!));
}
