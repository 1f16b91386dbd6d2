using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>Shapes of the names of countries and continents.</summary>
internal static class Areas
{
    private const string CountryCodes =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD " +
        "CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF " +
        "GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN " +
        "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA " +
        "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI " +
        "SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI " +
        "VN VU WF WS XK YE YT ZA ZM ZW";

    private static readonly (string Code, string Name)[] ContinentCodes =
    [
        ("AF", "Africa"), ("AN", "Antarctica"), ("AS", "Asia"), ("EU", "Europe"), ("NA", "North America"), ("OC", "Oceania"), ("SA", "South America"),
    ];

    /// <summary>The codes of ISO 3166-1 alpha-2, and XK, by which location databases say Kosovo.</summary>
    public static FrozenSet<string> Countries { get; } = CountryCodes.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A country's code.</summary>
    public static ScalarShape<string> Country { get; } = new(
        "a country code of ISO 3166-1, such as DE",
        new JsonObject { ["$ref"] = "#/$defs/country" },
        (scalar, _) => WrongCountry(scalar.Text) is { } wrong ? wrong : scalar.Text);

    /// <summary>A continent's code.</summary>
    public static ScalarShape<string> Continent { get; } = new(
        $"a continent: {string.Join(", ", ContinentCodes.Select(continent => continent.Code))}",
        new JsonObject { ["$ref"] = "#/$defs/continent" },
        (scalar, _) => WrongContinent(scalar.Text) is { } wrong ? wrong : scalar.Text);

    /// <summary>Countries as the names of a map.</summary>
    public static NameShape CountryName { get; } = NameFrom("country", WrongCountry);

    /// <summary>Continents as the names of a map.</summary>
    public static NameShape ContinentName { get; } = NameFrom("continent", WrongContinent);

    /// <summary>The JSON Schema that a country's code refers to.</summary>
    public static JsonObject CountryDefinition() => new() { ["enum"] = new JsonArray([.. CountryCodes.Split(' ').Select(code => (JsonNode)code)]) };

    /// <summary>The JSON Schema that a continent's code refers to.</summary>
    public static JsonObject ContinentDefinition() => new() { ["enum"] = new JsonArray([.. ContinentCodes.Select(continent => (JsonNode)continent.Code)]) };

    private static NameShape NameFrom(string word, Func<string, (string Wrong, string? Fix)?> wrongName) => new(
        word,
        () => new JsonObject { ["$ref"] = $"#/$defs/{word}" },
        (entry, subject, reading) =>
        {
            if (wrongName(entry.Key) is { } wrong)
                reading.Problems.Error(entry.KeyAt, $"{subject}: '{entry.Key}' {wrong.Wrong}", wrong.Fix);
        });

    private static (string Wrong, string? Fix)? WrongCountry(string code) => code switch
    {
        _ when Countries.Contains(code) => null,
        _ when Countries.Contains(code.ToUpperInvariant()) => ("is not in capitals", $"write {code.ToUpperInvariant()}"),
        "UK" => ("is not a country code", "the United Kingdom is GB"),
        "EU" => ("is a continent", "name it under `continents`"),
        _ => ("is not a country code", "ISO 3166-1 alpha-2, such as DE, US or SG"),
    };

    private static (string Wrong, string? Fix)? WrongContinent(string code) => code switch
    {
        _ when ContinentCodes.Any(continent => continent.Code == code) => null,
        _ when ContinentCodes.FirstOrDefault(continent =>
            code.Equals(continent.Code, StringComparison.OrdinalIgnoreCase) || code.Equals(continent.Name, StringComparison.OrdinalIgnoreCase)) is { Code: { } meant } => ("is not a continent code", $"write {meant}"),
        _ when Countries.Contains(code) => ("is a country", "name it under `countries`"),
        _ => ("is not a continent code", string.Join(", ", ContinentCodes.Select(continent => $"{continent.Code} ({continent.Name})"))),
    };
}
