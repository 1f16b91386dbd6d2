namespace Hanzo.Edge.Steering;

/// <summary>Where clients are: the smallest area the location table tells apart.</summary>
/// <param name="Country">ISO 3166-1 alpha-2 code, upper case, or null where it is not known.</param>
/// <param name="Continent">Two-letter continent code (AF, AN, AS, EU, NA, OC, SA), or null where it is not known.</param>
/// <param name="Location">Its representative point, or null where it is not known.</param>
public sealed record Place(string? Country, string? Continent, GeoPoint? Location)
{
    /// <summary>The id of the place of clients that no table finds: the configured default place.</summary>
    public const int Unknown = 0;

    /// <summary>Nothing is known.</summary>
    public static Place Nowhere { get; } = new(null, null, null);
}

/// <summary>Who says where a client is.</summary>
public enum PlaceSource : byte
{
    /// <summary>Nobody: the client is in no table, and stands at the configured default place.</summary>
    Default,

    /// <summary>The location table.</summary>
    Table,

    /// <summary>A configured network.</summary>
    Network,
}
