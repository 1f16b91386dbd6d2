using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Location;

/// <summary>What is known of a country without any database: its continent, and the point where its people are on average.</summary>
internal static class CountryTable
{
    // By GeoNames' continents; those that span two stand where GeoNames has them (RU in EU, TR in AS, EG in AF).
    private static readonly FrozenDictionary<string, string> Continents = new Dictionary<string, string>
    {
        ["AF"] = "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
        ["AN"] = "AQ BV GS HM TF",
        ["AS"] = "AE AF AM AZ BD BH BN BT CC CN CX GE HK ID IL IN IO IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TM TR TW UZ VN YE",
        ["EU"] = "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
        ["NA"] = "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR SV SX TC TT US VC VG VI",
        ["OC"] = "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TL TO TV UM VU WF WS",
        ["SA"] = "AR BO BR CL CO EC FK GF GY PE PY SR UY VE",
    }.SelectMany(continent => continent.Value.Split(' ').Select(country => KeyValuePair.Create(country, continent.Key))).ToFrozenDictionary();

    private static readonly FrozenDictionary<string, GeoPoint> Centroids = ReadCentroids();

    /// <summary>The countries that have a centroid.</summary>
    public static ImmutableArray<string> Countries => Centroids.Keys;

    /// <summary>The continent code of <paramref name="country"/>, or null where it is not known.</summary>
    public static string? Continent(string? country) => country is null ? null : Continents.GetValueOrDefault(country);

    /// <summary>The population-weighted centroid of <paramref name="country"/>, or null where it is not known.</summary>
    public static GeoPoint? Centroid(string? country)
        => country is not null && Centroids.TryGetValue(country, out var point) ? point : null;

    private static FrozenDictionary<string, GeoPoint> ReadCentroids()
    {
        using var stream = typeof(CountryTable).Assembly.GetManifestResourceStream("country-centroids.csv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(','))
            .ToFrozenDictionary(
                cells => cells[0],
                cells => new GeoPoint(double.Parse(cells[1], CultureInfo.InvariantCulture), double.Parse(cells[2], CultureInfo.InvariantCulture)));
    }
}
