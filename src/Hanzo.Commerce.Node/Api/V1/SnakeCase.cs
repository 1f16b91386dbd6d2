using System.Collections.Frozen;
using System.Text.Json;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>How v1 writes the names of states.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T state)
        where T : struct, Enum => Names<T>.Of[state];

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Of = Enum.GetValues<T>().Distinct().ToFrozenDictionary(state => state, state => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()));
    }
}
