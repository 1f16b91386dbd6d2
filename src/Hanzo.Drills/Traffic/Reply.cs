using System.Text.Json;

namespace Hanzo.Drills.Traffic;

/// <summary>What came of a request, with its repetitions.</summary>
/// <param name="Status">0 where no answer came.</param>
/// <param name="Problem">Why it was no success, or null.</param>
/// <param name="Body">What a good answer says, or null.</param>
/// <param name="Code">The code of a problem that a node told, or null.</param>
internal sealed record Reply(int Status, string? Region, string Edge, string? Problem, string? RequestId, JsonElement? Body, string? Code)
{
    /// <summary>Whether the region had all that the customer's session token says, as <c>Hanzo-Session-State</c> tells.</summary>
    public string? SessionState { get; init; }

    public bool NothingSent { get; init; }

    public bool Well => Problem is null;

    /// <summary>Whether a real client would try again: nobody answered, or nobody could.</summary>
    public bool IsWorthRepeating => Status is 0 or 429 or >= 500 || Code == "idempotency_key_in_use";

    public string Text(string member) => Body!.Value.GetProperty(member).GetString()!;
}
