using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Yaml;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration.Shapes;

/// <summary>A point on the Earth: <c>[latitude, longitude]</c> in degrees.</summary>
internal sealed class LocationShape : Shape<GeoPoint>
{
    /// <summary>The shape.</summary>
    public static LocationShape Point { get; } = new();

    private static readonly ScalarShape<double> Latitude = Scalars.Decimal(-90, 90, "a latitude, -90 to 90");
    private static readonly ScalarShape<double> Longitude = Scalars.Decimal(-180, 180, "a longitude, -180 to 180");

    /// <inheritdoc/>
    public override string Phrase => "[latitude, longitude] in degrees";

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["prefixItems"] = new JsonArray(Latitude.Schema(), Longitude.Schema()),
        ["minItems"] = 2,
        ["maxItems"] = 2,
    };

    /// <inheritdoc/>
    public override bool TryRead(YamlNode node, Reading reading, [MaybeNullWhen(false)] out GeoPoint value)
    {
        value = default;
        if (node is not YamlSequence { Items: [var first, var second] })
        {
            var stands = node is YamlSequence list ? $"{list.Items.Length} values" : node.Kind;
            reading.Problems.Error(node.At, $"{node.Subject}: here stands {stands}, not {Phrase}", "write it as [39.04, -77.49]");
            return false;
        }
        if (LooksSwapped(first, second))
        {
            reading.Problems.Error(first.At, $"{node.Subject}: a latitude is -90 to 90, and '{((YamlScalar)first).Written}' is not; are the two swapped?", $"latitude comes first: [{((YamlScalar)second).Written}, {((YamlScalar)first).Written}]");
            return false;
        }
        if (!(Latitude.TryRead(first, reading, out var latitude) & Longitude.TryRead(second, reading, out var longitude)))
            return false;
        value = new GeoPoint(latitude, longitude);
        return true;
    }

    /// <inheritdoc/>
    public override string Show(GeoPoint value) => $"[{value.Latitude}, {value.Longitude}]";

    private static bool LooksSwapped(YamlNode first, YamlNode second)
        => first is YamlScalar a && second is YamlScalar b
            && Scalars.DecimalOf(a.Text) is { } latitude && Scalars.DecimalOf(b.Text) is { } longitude
            && Math.Abs(latitude) is > 90 and <= 180 && Math.Abs(longitude) <= 90;
}
