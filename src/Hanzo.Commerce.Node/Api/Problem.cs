using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Carts;
using Hanzo.Commerce.Node.Inventory;

namespace Hanzo.Commerce.Node.Api;

/// <summary>Why a request was not answered with what it asked for.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Code">Stable name of the cause, snake case: programs decide by it, and it never changes its meaning.</param>
/// <param name="Detail">What happened and what to do, for a person.</param>
internal sealed record Problem(int Status, string Code, string Detail)
{
    /// <summary>What is wrong in the request body, every place at once. Empty when the body is not the cause.</summary>
    public ImmutableArray<FieldError> Errors { get; init; } = [];

    /// <summary>What the resource's state allows instead.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>What there is not enough of.</summary>
    public IReadOnlyList<Shortage>? Shortages { get; init; }

    /// <summary>Why somebody else said no, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>The order that stands in the way.</summary>
    public string? Order { get; init; }

    /// <summary>What is not as the customer saw it.</summary>
    public IReadOnlyList<CartChange>? Changes { get; init; }
}

/// <summary>One thing wrong in a request body.</summary>
/// <param name="Pointer">Where: JSON Pointer (RFC 6901), empty for the whole body.</param>
/// <param name="Code">Stable name of the cause.</param>
/// <param name="Detail">What is expected there, for a person.</param>
internal sealed record FieldError(string Pointer, string Code, string Detail);

/// <summary>A problem as it is sent: RFC 9457 members, then ours.</summary>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, string RequestId)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Allowed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Shortage>? Shortages { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Order { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CartChange>? Changes { get; init; }
}
