using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Yaml;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>Shapes of single values that any file might have.</summary>
internal static partial class Scalars
{
    /// <summary>true or false.</summary>
    public static ScalarShape<bool> Boolean { get; } = new(
        "true or false",
        new JsonObject { ["type"] = "boolean" },
        (scalar, _) => !scalar.Plain && !scalar.Substituted ? ("is text", "take the quotes away") : scalar.Text switch
        {
            "true" => true,
            "false" => false,
            _ => ("is not true or false", scalar.Text.ToUpperInvariant() switch
            {
                "YES" or "ON" or "TRUE" or "Y" or "1" => "write true",
                "NO" or "OFF" or "FALSE" or "N" or "0" => "write false",
                _ => "write true or false",
            }),
        },
        value => value ? "true" : "false");

    /// <summary>Any text. What YAML would take for a number, true, false or null wants quotes, as an editor that knows the schema says.</summary>
    public static ScalarShape<string> Text(string phrase, Func<YamlScalar, Reading, Parsed<string>>? check = null, string? pattern = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null)
            schema["pattern"] = pattern;
        return new(phrase, schema, (scalar, reading) =>
        {
            if (scalar is { Plain: true, Substituted: false } && OtherType().IsMatch(scalar.Text))
                return ("is not text for YAML", $"put it in quotes: \"{scalar.Text}\"");
            if (scalar.Text.Length == 0)
                return ("is empty", "give it a value, or take the key away");
            return check is null ? scalar.Text : check(scalar, reading);
        });
    }

    /// <summary>A single value of any type, taken as it is written.</summary>
    public static ScalarShape<string> AnyText(string phrase) => new(
        phrase,
        new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        (scalar, _) => scalar.Text);

    /// <summary>A whole number, both ends included.</summary>
    public static ScalarShape<int> Integer(int from, int to) => new(
        from == to ? $"the number {from}" : $"a whole number, {from} to {to}",
        new JsonObject { ["type"] = "integer", ["minimum"] = from, ["maximum"] = to },
        (scalar, _) => Number(scalar, WholeOf) switch
        {
            null => NotANumber(scalar, "a whole number"),
            { } value when value < from || value > to => ("is out of range", from == to ? $"it is {from}" : $"{from} to {to}"),
            { } value => (int)value,
        });

    /// <summary>A number, both ends included.</summary>
    public static ScalarShape<double> Decimal(double from, double to, string phrase) => new(
        phrase,
        new JsonObject { ["type"] = "number", ["minimum"] = from, ["maximum"] = to },
        (scalar, _) => Number(scalar, DecimalOf) switch
        {
            null => NotANumber(scalar, "a number"),
            { } value when value < from || value > to => ("is out of range", $"{from} to {to}"),
            { } value => value,
        });

    /// <summary>A length of time with its unit, both ends included.</summary>
    public static ScalarShape<TimeSpan> Duration(TimeSpan from, TimeSpan to) => new(
        $"a duration, {ShowDuration(from)} to {ShowDuration(to)}",
        new JsonObject { ["type"] = "string", ["pattern"] = @"^[0-9]+(\.[0-9]+)?(ms|s|m|h)$" },
        (scalar, _) => ParseDuration(scalar.Text, from, to),
        ShowDuration);

    /// <summary>One of some words.</summary>
    public static ScalarShape<T> Choice<T>(params (string Word, T Value)[] choices) where T : notnull
    {
        // Told apart once and without queries: of these pairs the runtime would make thirty types for every kind of choice.
        var words = new string[choices.Length];
        var values = new T[choices.Length];
        for (var i = 0; i < choices.Length; i++) (words[i], values[i]) = choices[i];
        return new(
            words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}",
            new JsonObject { ["enum"] = new JsonArray([.. words.SelectMany(AsYamlSees)]) },
            (scalar, _) => Array.IndexOf(words, scalar.Text) is >= 0 and var at
                ? values[at]
                : ("is not one of the choices", Suggestion.For(scalar.Text, words) is { } meant ? $"did you mean '{meant}'? The choices are {string.Join(", ", words)}" : string.Join(", ", words)),
            value => words[Array.FindIndex(values, known => known.Equals(value))]);
    }

    /// <summary>A duration as the file would have it.</summary>
    public static string ShowDuration(TimeSpan value) => value switch
    {
        { Ticks: 0 } => "0s",
        _ when value.Ticks % TimeSpan.TicksPerHour == 0 => $"{value.TotalHours}h",
        _ when value.Ticks % TimeSpan.TicksPerMinute == 0 => $"{value.TotalMinutes}m",
        _ when value.Ticks % TimeSpan.TicksPerSecond == 0 => $"{value.TotalSeconds}s",
        _ => $"{value.TotalMilliseconds}ms",
    };

    /// <summary>A duration as the file would have it, or null.</summary>
    public static TimeSpan? DurationOf(string text) => ParseDuration(text, TimeSpan.Zero, TimeSpan.FromDays(3650)) is { Good: true, Value: var value } ? value : null;

    /// <summary>A finite number without spaces or thousands separators, or null.</summary>
    public static double? DecimalOf(string text)
        => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;

    private static Parsed<TimeSpan> ParseDuration(string text, TimeSpan from, TimeSpan to)
    {
        var match = NumberAndUnit().Match(text);
        if (!match.Success)
            return ("is not a duration", "write a number and ms, s, m or h: 500ms, 2s, 1m");
        var (number, unit) = (match.Groups["number"].Value, match.Groups["unit"].Value);
        if (unit.Length == 0)
            return ("has no unit", $"write {number}s for seconds, {number}ms for milliseconds");
        if (UnitOf(unit) is not { } known)
            return ("has no unit known here", $"the units are ms, s, m and h: {number}{Meant(unit)}");
        if (match.Groups["gap"].Length > 0 || unit != known.Unit)
            return ("is not how a duration is written", $"write {number}{known.Unit}");
        if (DecimalOf(number) is not { } value || value < 0 || value * known.Milliseconds > TimeSpan.FromDays(3650).TotalMilliseconds)
            return ("is out of range", $"{ShowDuration(from)} to {ShowDuration(to)}");
        var duration = TimeSpan.FromMilliseconds(value * known.Milliseconds);
        return duration < from || duration > to ? ("is out of range", $"{ShowDuration(from)} to {ShowDuration(to)}") : duration;
    }

    private static (string Unit, double Milliseconds)? UnitOf(string unit) => unit.ToLowerInvariant() switch
    {
        "ms" => ("ms", 1),
        "s" => ("s", 1000),
        "m" => ("m", 60_000),
        "h" => ("h", 3_600_000),
        _ => null,
    };

    private static string Meant(string unit) => unit.ToLowerInvariant() switch
    {
        ['m', 's', ..] or ['m', 'i', 'l', ..] => "ms",
        ['m', ..] => "m",
        ['h', ..] => "h",
        _ => "s",
    };

    private static long? WholeOf(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static T? Number<T>(YamlScalar scalar, Func<string, T?> parse) where T : struct
        => scalar.Plain || scalar.Substituted ? parse(scalar.Text) : null;

    private static (string Wrong, string? Fix) NotANumber(YamlScalar scalar, string wanted)
        => !scalar.Plain && !scalar.Substituted && DecimalOf(scalar.Text) is not null
            ? ("is text", "take the quotes away")
            : ($"is not {wanted}", "write digits only, without a unit or separators");

    /// <summary>A word that YAML reads as a number is allowed with and without quotes.</summary>
    private static IEnumerable<JsonNode> AsYamlSees(string word)
        => DecimalOf(word) is { } number ? [JsonValue.Create(word), JsonValue.Create(number)] : [JsonValue.Create(word)];

    [GeneratedRegex(@"^(?<number>-?[0-9]+(?:\.[0-9]+)?)(?<gap>\s*)(?<unit>[A-Za-zµ]*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex NumberAndUnit();

    /// <summary>What the core schema of YAML 1.2 (§10.3.2) resolves to something that is not text.</summary>
    [GeneratedRegex(@"^(?:true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$")]
    private static partial Regex OtherType();
}
