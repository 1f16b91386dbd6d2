using System.Text.Json.Nodes;

namespace Hanzo.Commerce.Node.Tests.Api.V1;

/// <summary>
/// What in a newer description would break a client of the older one. Requests may ask for less and take more; answers may
/// tell more and must go on telling what they told.
/// </summary>
internal static class Compatibility
{
    private static readonly string[] Bounds = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"];

    public static IReadOnlyList<string> Breaks(JsonNode older, JsonNode newer)
    {
        var breaks = new List<string>();
        foreach (var (path, operations) in older["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
            {
                var at = $"{method} {path}";
                if (newer["paths"]?[path]?[method] is not { } now)
                    breaks.Add($"{at}: gone");
                else
                    new Comparison(older, newer, breaks).Operations(operation!, now, at);
            }
        return breaks;
    }

    private sealed class Comparison(JsonNode older, JsonNode newer, List<string> breaks)
    {
        public void Operations(JsonNode before, JsonNode after, string at)
        {
            Parameters(before, after, at);
            if (before["security"] is null && after["security"] is not null)
                breaks.Add($"{at}: asks for a key");
            if (after["requestBody"] is { } body)
            {
                if (before["requestBody"]?["required"]?.GetValue<bool>() != true && body["required"]?.GetValue<bool>() == true)
                    breaks.Add($"{at}: asks for a body");
            }
            Contents(before["requestBody"]?["content"], after["requestBody"]?["content"], $"{at} request", isRequest: true);
            foreach (var (status, response) in before["responses"]!.AsObject())
            {
                if (after["responses"]?[status] is not { } now)
                    breaks.Add($"{at}: status {status} gone");
                else
                    Contents(response!["content"], now["content"], $"{at} {status}", isRequest: false);
            }
        }

        private void Parameters(JsonNode before, JsonNode after, string at)
        {
            var (known, now) = (ParametersOf(before, older), ParametersOf(after, newer));
            foreach (var (name, parameter) in known)
            {
                if (!now.TryGetValue(name, out var same))
                    breaks.Add($"{at}: parameter {name} gone");
                else
                    Schemas(parameter["schema"]!, same["schema"]!, $"{at} {name}", isRequest: true);
            }
            foreach (var (name, parameter) in now)
                if (parameter["required"]?.GetValue<bool>() == true && !(known.TryGetValue(name, out var was) && was["required"]?.GetValue<bool>() == true))
                    breaks.Add($"{at}: asks for parameter {name}");
        }

        private static Dictionary<string, JsonNode> ParametersOf(JsonNode operation, JsonNode document) => (operation["parameters"]?.AsArray() ?? [])
            .Select(parameter => Resolve(parameter!, document)).ToDictionary(parameter => $"{parameter["in"]} {parameter["name"]}");

        private void Contents(JsonNode? before, JsonNode? after, string at, bool isRequest)
        {
            foreach (var (type, content) in before?.AsObject() ?? [])
            {
                if (after?[type] is not { } now)
                    breaks.Add($"{at}: {type} gone");
                else
                    Schemas(content!["schema"]!, now["schema"]!, at, isRequest);
            }
        }

        private void Schemas(JsonNode before, JsonNode after, string at, bool isRequest)
        {
            var (was, now) = (Resolve(before, older), Resolve(after, newer));
            if ($"{was["type"]}" != $"{now["type"]}" || $"{was["format"]}" != $"{now["format"]}")
            {
                breaks.Add($"{at}: another type");
                return;
            }
            Enums(was["enum"]?.AsArray(), now["enum"]?.AsArray(), at, isRequest);
            if (isRequest)
                foreach (var bound in Bounds.Where(bound => now[bound] is not null && $"{was[bound]}" != $"{now[bound]}" && !IsWider(bound, was[bound], now[bound]!)))
                    breaks.Add($"{at}: {bound} is narrower");
            Required(was, now, at, isRequest);
            foreach (var (name, property) in was["properties"]?.AsObject() ?? [])
            {
                if (now["properties"]?[name] is not { } same)
                    breaks.Add($"{at}/{name}: gone");
                else
                    Schemas(property!, same, $"{at}/{name}", isRequest);
            }
            if (was["items"] is { } items && now["items"] is { } item)
                Schemas(items, item, $"{at}[]", isRequest);
        }

        /// <summary>A request may ask for no more members, an answer must hold no fewer.</summary>
        private void Required(JsonNode was, JsonNode now, string at, bool isRequest)
        {
            var (before, after) = (Texts(was["required"]), Texts(now["required"]));
            foreach (var name in isRequest ? after.Except(before) : before.Except(after))
                breaks.Add(isRequest ? $"{at}/{name}: asked for" : $"{at}/{name}: may be missing");
        }

        /// <summary>A value that was taken stays; of answers the documentation says that values may be added.</summary>
        private void Enums(JsonArray? before, JsonArray? after, string at, bool isRequest)
        {
            if (isRequest && after is not null && (before is null || Texts(before).Except(Texts(after)).Any()))
                breaks.Add($"{at}: takes fewer values");
            if (!isRequest && before is not null && (after is null || Texts(before).Except(Texts(after)).Any()))
                breaks.Add($"{at}: a value is gone");
        }

        private static bool IsWider(string bound, JsonNode? was, JsonNode now) =>
            was is not null && bound != "pattern" && (bound.StartsWith("min", StringComparison.Ordinal)
                ? now.GetValue<long>() <= was.GetValue<long>()
                : now.GetValue<long>() >= was.GetValue<long>());

        private static IEnumerable<string> Texts(JsonNode? array) => array?.AsArray().Select(text => $"{text}") ?? [];

        private static JsonNode Resolve(JsonNode node, JsonNode document)
        {
            while (node["$ref"] is { } reference)
                node = $"{reference}"[2..].Split('/').Aggregate(document, (at, name) => at[name]!);
            return node;
        }
    }
}
