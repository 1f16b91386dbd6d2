using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hanzo.Commerce.Node.Events;

/// <summary>Something that somebody did, as a client tells it.</summary>
/// <param name="Id">What the client calls it: with one id it counts once, however often and in whatever regions it arrives.</param>
/// <param name="Name">Noun and verb with dots between, such as cart.line.added.</param>
/// <param name="Session">Who did it, as far as is known of everybody.</param>
/// <param name="User">Who did it, when that is known; else null.</param>
/// <param name="At">When, by the client's clock.</param>
/// <param name="Properties">Text, number or truth by name.</param>
internal sealed partial record Event(string Id, string Name, string Session, string? User, DateTimeOffset At, IReadOnlyDictionary<string, JsonElement> Properties)
{
    public const int MaxIdLength = 100;
    public const int MaxNameLength = 64;
    public const int MaxProperties = 20;
    public const int MaxTextLength = 200;

    public static bool IsId(string text) => text.Length is > 0 and <= MaxIdLength && text.All(character => character is > ' ' and <= '~');

    public static bool IsName(string text) => text.Length <= MaxNameLength && NamePattern.IsMatch(text);

    public static bool IsProperty(string text) => PropertyPattern.IsMatch(text);

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\z")]
    private static partial Regex NamePattern { get; }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z")]
    private static partial Regex PropertyPattern { get; }
}
