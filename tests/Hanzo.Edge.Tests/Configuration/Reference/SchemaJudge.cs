using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hanzo.Edge.Tests.Configuration.Reference;

/// <summary>
/// Judges a value by a JSON Schema (2020-12), for the keywords that our schema uses and no other: an unknown one fails the test
/// instead of passing everything.
/// </summary>
internal sealed class SchemaJudge(JsonObject root)
{
    /// <summary>Where the value breaks the schema, or null.</summary>
    public string? Breaks(JsonNode? value) => Breaks(value, root, "");

    private string? Breaks(JsonNode? value, JsonObject schema, string path)
        => schema.Select(keyword => Breaks(value, keyword.Key, keyword.Value!, schema, path)).FirstOrDefault(broken => broken is not null);

    private string? Breaks(JsonNode? value, string keyword, JsonNode rule, JsonObject schema, string path) => keyword switch
    {
        "$schema" or "$defs" or "title" or "description" => null,
        "$ref" => Breaks(value, root["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), path),
        "anyOf" => rule.AsArray().Any(option => Breaks(value, option!.AsObject(), path) is null) ? null : $"{path}: none of anyOf",
        "type" => Names(rule).Any(name => IsOf(name, value)) ? null : $"{path}: type",
        "enum" => rule.AsArray().Any(option => JsonNode.DeepEquals(option, value)) ? null : $"{path}: enum",
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, rule.GetValue<string>()) ? null : $"{path}: pattern",
        "minimum" => Number(value) is not { } number || number >= rule.GetValue<double>() ? null : $"{path}: minimum",
        "maximum" => Number(value) is not { } number || number <= rule.GetValue<double>() ? null : $"{path}: maximum",
        "required" => value is not JsonObject map || Names(rule).All(map.ContainsKey) ? null : $"{path}: required",
        "minProperties" => value is not JsonObject map || map.Count >= rule.GetValue<int>() ? null : $"{path}: minProperties",
        "maxProperties" => value is not JsonObject map || map.Count <= rule.GetValue<int>() ? null : $"{path}: maxProperties",
        "minItems" => value is not JsonArray list || list.Count >= rule.GetValue<int>() ? null : $"{path}: minItems",
        "maxItems" => value is not JsonArray list || list.Count <= rule.GetValue<int>() ? null : $"{path}: maxItems",
        "propertyNames" => (value as JsonObject)?.Select(entry => Breaks(JsonValue.Create(entry.Key), rule.AsObject(), $"{path} name")).FirstOrDefault(broken => broken is not null),
        "properties" => (value as JsonObject)?.Select(entry => rule[entry.Key] is JsonObject known ? Breaks(entry.Value, known, $"{path}.{entry.Key}") : null).FirstOrDefault(broken => broken is not null),
        "additionalProperties" => (value as JsonObject)?.Where(entry => schema["properties"]?[entry.Key] is null).Select(entry => rule is JsonObject others ? Breaks(entry.Value, others, $"{path}.{entry.Key}") : $"{path}.{entry.Key}: additional").FirstOrDefault(broken => broken is not null),
        "items" => (value as JsonArray)?.Select((item, index) => Breaks(item, rule.AsObject(), $"{path}[{index}]")).FirstOrDefault(broken => broken is not null),
        "prefixItems" => (value as JsonArray)?.Zip(rule.AsArray()).Select(pair => Breaks(pair.First, pair.Second!.AsObject(), $"{path}[]")).FirstOrDefault(broken => broken is not null),
        _ => throw new NotSupportedException($"The judge does not know {keyword}."),
    };

    private static IEnumerable<string> Names(JsonNode rule)
        => rule is JsonArray list ? list.Select(name => name!.GetValue<string>()) : [rule.GetValue<string>()];

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && Math.Floor(number) == number,
        "boolean" => value is JsonValue single && single.TryGetValue(out bool _),
        _ => throw new NotSupportedException($"The judge does not know the type {type}."),
    };

    private static string? Text(JsonNode? value) => value is JsonValue single && single.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonNode? value) => value is JsonValue single && single.TryGetValue(out double number) ? number : null;
}
