using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Proxying;

/// <summary>
/// Keeps a client in the region that answered it, by a value that the client carries: <c>REGION.SIGNATURE</c>. It is signed
/// so that no client chooses its region. All values that are good are made once for a topology, so a request costs comparisons.
/// Limits: whoever copies a client's value goes where that client goes; it says nothing else and gives no access.
/// </summary>
internal sealed class Stickiness
{
    private readonly StickinessOptions options;
    private readonly ImmutableArray<string> values;
    private readonly ImmutableArray<byte[]> expected;

    /// <summary>Makes the values for the regions of <paramref name="topology"/>.</summary>
    public Stickiness(StickinessOptions options, Topology topology)
    {
        this.options = options;
        values = [.. topology.Regions.Select(region => $"{region.Name}.{Sign(region.Name)}")];
        expected = [.. values.Select(Encoding.ASCII.GetBytes)];
    }

    /// <summary>The index of the region that the client is to stay in; -1 where it says none, or none that was told it here.</summary>
    public int RegionOf(HttpRequest request)
    {
        var said = options.IsHeader ? request.Headers[options.Name].ToString() : request.Cookies[options.Name];
        if (string.IsNullOrEmpty(said) || said.Length > 256) return -1;
        var bytes = Encoding.UTF8.GetBytes(said);
        for (var region = 0; region < expected.Length; region++)
            if (CryptographicOperations.FixedTimeEquals(bytes, expected[region])) return region;
        return -1;
    }

    /// <summary>Tells the client its region, where that is new to it.</summary>
    /// <param name="context">The request; its response has not begun.</param>
    /// <param name="asked">The region that it was to stay in, or -1.</param>
    /// <param name="answered">The region that answers.</param>
    public void Tell(HttpContext context, int asked, int answered)
    {
        if (asked == answered || (asked >= 0 && options.Mode == StickinessMode.Temporary)) return;
        if (options.IsHeader) context.Response.Headers[options.Name] = values[answered];
        else
            context.Response.Cookies.Append(options.Name, values[answered], new CookieOptions
            {
                Path = "/",
                HttpOnly = true,
                Secure = context.Request.IsHttps,
                SameSite = SameSiteMode.Lax,
                MaxAge = options.MaxAge,
            });
    }

    // The name is signed too: what one route was told is no good for another that does not share its cookie.
    private string Sign(string region) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.Key), Encoding.UTF8.GetBytes($"hanzo-edge region\n{options.Name}\n{region}")).AsSpan(0, 16));
}
