namespace Hanzo.Edge.Proxying;

/// <summary>The continents by number, for tables that a request reads.</summary>
internal static class Continents
{
    /// <summary>How many there are, the unknown one included.</summary>
    public const int Count = 8;

    /// <summary>The number of a two-letter code; 0 for what is none.</summary>
    public static int IndexOf(string? code) => code switch
    {
        "AF" => 1,
        "AN" => 2,
        "AS" => 3,
        "EU" => 4,
        "NA" => 5,
        "OC" => 6,
        "SA" => 7,
        _ => 0,
    };
}
