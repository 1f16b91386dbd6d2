using System.Text.Json;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>How v1 writes the names of states.</summary>
internal static class SnakeCase
{
    public static string Of<T>(T state)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
