using System.Collections.Immutable;
using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Wan;

/// <summary>The sites of a world with a WAN: the customers' (this machine as it is), then each region, then each edge that stands in none.</summary>
/// <param name="Network">The second byte of all addresses, 10.N.0.0/16.</param>
internal sealed record WanPlan(byte Network, ImmutableArray<string> Sites)
{
    public const string CustomersSite = "customers";

    private const int EdgesFrom = 100;

    private static readonly string[] Programs = ["/usr/bin/unshare", "/usr/bin/nsenter"];

    public static WanPlan Of(WorldFile file, byte network) =>
        new(network, [CustomersSite, .. file.Regions.Select(region => region.Name), .. file.Edges.Where(edge => edge.Region is null).Select(edge => edge.Name)]);

    /// <summary>Why this machine cannot have a WAN; null when it can.</summary>
    public static string? WhyNot() =>
        !OperatingSystem.IsLinux() ? "a world with a WAN needs Linux"
        : Posix.EffectiveUserId() != 0 ? "a world with a WAN needs root, to make network namespaces"
        : !File.Exists("/dev/net/tun") ? "a world with a WAN needs /dev/net/tun: load the kernel module tun, or give the container the device"
        : Programs.FirstOrDefault(program => !File.Exists(program)) is { } missing ? $"a world with a WAN needs {missing} (util-linux)"
        : null;

    public byte NumberOf(string site) => (byte)Sites.IndexOf(site);

    /// <summary>The first address of a site.</summary>
    public string AddressOf(string site) => NodeAddress(site, 1);

    public string NodeAddress(string region, int number) => $"10.{Network}.{NumberOf(region)}.{number}";

    public string EdgeAddress(DeclaredEdge edge, int number) => $"10.{Network}.{NumberOf(edge.Region ?? edge.Name)}.{EdgesFrom + number}";
}
