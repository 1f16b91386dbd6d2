namespace Hanzo.Edge.Explaining;

/// <summary>The request to explain, apart from its client. Where neither host nor path is named, the first route of the configuration is meant.</summary>
/// <param name="Host">The host it names, or null.</param>
/// <param name="Path">The path it asks for, with its query, or null.</param>
/// <param name="Method">Its method.</param>
internal sealed record ExplainQuestion(string? Host, string? Path, string Method)
{
    /// <summary>What regions are supposed to be, each as <c>REGION=down</c>; see <see cref="WhatIf"/>.</summary>
    public IReadOnlyList<string> WhatIf { get; init; } = [];

    /// <summary>Whether any route will do.</summary>
    public bool IsOpen => Host is null && Path is null;

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Host}{Path ?? "/"}";
}
