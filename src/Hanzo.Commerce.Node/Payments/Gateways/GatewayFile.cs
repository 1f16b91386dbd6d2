using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Payments.Gateways;

/// <summary>Which gateways a node has and which payment goes where, as JSON in a file; comments are allowed.</summary>
internal sealed record GatewayFile(ImmutableArray<GatewayEntry> Gateways, ImmutableArray<RouteEntry> Routes)
{
    /// <exception cref="FormatException">It cannot be used; says why.</exception>
    public static GatewayRouting Read(string path, TimeProvider time)
    {
        try
        {
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), GatewayFileJson.Default.GatewayFile) ?? throw new FormatException("it is empty");
            file.Check();
            return new GatewayRouting(
                file.Gateways.Select(gateway => Open(gateway, Path.GetDirectoryName(Path.GetFullPath(path))!, time)),
                [.. file.Routes.Select(route => new GatewayRoute(route.Currencies ?? [], route.Countries ?? [], [.. route.Gateways.Select(share => new GatewayShare(share.Name, share.Weight))]))]);
        }
        catch (JsonException wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }
    }

    private static IPaymentGateway Open(GatewayEntry gateway, string directory, TimeProvider time) => gateway switch
    {
        { Kind: "fake", Url: null, KeyFile: null } => new FakeGateway(time, gateway.Name),
        { Kind: "stripe", Url: { } url, KeyFile: { } key } when Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) =>
            new StripeGateway(gateway.Name, address, File.ReadAllText(Path.Combine(directory, key)).Trim(), new HttpMessageInvoker(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), UseCookies = false, AllowAutoRedirect = false }), time),
        _ => throw new FormatException($"gateway {gateway.Name} is neither a fake nor a stripe with an https url and a key_file"),
    };

    private void Check()
    {
        var names = Gateways.Select(gateway => gateway.Name).ToHashSet(StringComparer.Ordinal);
        if (names.Count < Gateways.Length || names.Any(string.IsNullOrWhiteSpace))
            throw new FormatException("every gateway has a name of its own");
        foreach (var route in Routes)
        {
            if ((route.Currencies ?? []).FirstOrDefault(currency => !CurrencyCodes.Has(currency)) is { } currency)
                throw new FormatException($"{currency} is no currency in use");
            if ((route.Countries ?? []).FirstOrDefault(country => country is not [>= 'A' and <= 'Z', >= 'A' and <= 'Z']) is { } country)
                throw new FormatException($"{country} is no country code of two capital letters");
            if (route.Gateways.IsDefaultOrEmpty || route.Gateways.Any(share => !names.Contains(share.Name) || !(share.Weight > 0)))
                throw new FormatException("a route names gateways of the file, each with a weight above 0");
        }
    }
}

/// <param name="Kind">"fake" or "stripe".</param>
/// <param name="KeyFile">Where the API key is, beside the file.</param>
internal sealed record GatewayEntry(string Name, string Kind, string? Url = null, string? KeyFile = null);

/// <param name="Currencies">Null for all.</param>
/// <param name="Countries">Null for all, and for payments that name none.</param>
internal sealed record RouteEntry(ImmutableArray<ShareEntry> Gateways, ImmutableArray<string>? Currencies = null, ImmutableArray<string>? Countries = null);

internal sealed record ShareEntry(string Name, double Weight = 1);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    ReadCommentHandling = JsonCommentHandling.Skip,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GatewayFile))]
internal sealed partial class GatewayFileJson : JsonSerializerContext;
