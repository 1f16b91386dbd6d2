using System.Net.Http.Headers;

namespace Hanzo.Edge.Proxying;

/// <summary>Takes the fields of a request on its way upstream.</summary>
internal interface IRequestFields
{
    /// <summary>Adds one.</summary>
    void Add(string name, string value);
}

/// <summary>The fields of a request that YARP sends.</summary>
internal readonly struct MessageFields(HttpRequestHeaders headers) : IRequestFields
{
    /// <inheritdoc/>
    public void Add(string name, string value) => headers.TryAddWithoutValidation(name, value);
}
