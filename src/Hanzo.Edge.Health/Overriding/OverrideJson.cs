using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Health.Overriding;

/// <summary>How overrides and audit lines are written, made when the program is built: a native one cannot look at types while it runs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(KindWord)])]
[JsonSerializable(typeof(ActiveOverride[]))]
[JsonSerializable(typeof(ImmutableArray<ActiveOverride>))]
[JsonSerializable(typeof(AuditLine))]
internal sealed partial class OverrideJson : JsonSerializerContext
{
    /// <summary><c>forced-down</c>.</summary>
    internal sealed class KindWord() : JsonStringEnumConverter<RegionOverride>(JsonNamingPolicy.KebabCaseLower);
}
