using System.Net;
using Hanzo.Edge.Steering;
using MaxMind.Db;

namespace Hanzo.Edge.Location;

/// <summary>
/// The last check of a compiled table: some of its networks are asked of MaxMind's own reader, and one different answer refuses
/// the file. A second reader of the same bytes catches a defect of the first, before it steers anybody.
/// It runs after <see cref="PlaceTableCompiler"/> checked every record, never before: this reader follows a cycle until the process ends.
/// </summary>
internal static class Canaries
{
    private const int Count = 256;

    // Every exception counts: which ones the other reader throws at odd files is not ours to know, and none may leave here.
    /// <summary>Says where MaxMind's reader sees another place than <paramref name="table"/>, or null.</summary>
    public static string? Disagreement(byte[] database, PlaceTable table)
    {
        try
        {
            using var stream = new MemoryStream(database, writable: false);
            using var reader = new Reader(stream);
            return table.RangeStarts(Count).Select(client => Disagreement(reader, table, client)).FirstOrDefault(different => different is not null);
        }
        catch (Exception unreadable)
        {
            return $"MaxMind's reader cannot read it: {unreadable.Message}";
        }
    }

    private static string? Disagreement(Reader reader, PlaceTable table, ClientKey client)
    {
        var address = Address(client);
        var record = reader.Find<Dictionary<string, object>>(address) ?? [];
        var ours = table.Places[table.Find(client).Place];
        var country = Code(Part(record, "country", "iso_code") ?? record.GetValueOrDefault("country_code"));
        var location = record.GetValueOrDefault("location") as Dictionary<string, object> ?? record;
        var point = Number(location.GetValueOrDefault("latitude")) is { } latitude && Number(location.GetValueOrDefault("longitude")) is { } longitude
            ? new GeoPoint(latitude, longitude)
            : CountryTable.Centroid(country);
        return (ours.Country, ours.Location) == (country, point) ? null : $"MaxMind's reader has {address} in {country} at {point}, the compiled table in {ours.Country} at {ours.Location}";
    }

    private static double? Number(object? value) => value switch { double number => number, float number => number, int number => number, long number => number, ulong number => number, _ => null };

    private static object? Part(Dictionary<string, object> record, string map, string key)
        => (record.GetValueOrDefault(map) as Dictionary<string, object>)?.GetValueOrDefault(key);

    private static string? Code(object? code)
        => code is string { Length: 2 } text && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1]) ? text.ToUpperInvariant() : null;

    private static IPAddress Address(ClientKey client)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, client.Value);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
