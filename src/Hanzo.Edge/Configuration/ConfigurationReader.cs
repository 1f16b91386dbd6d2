using System.Collections.Immutable;
using Hanzo.Edge.Configuration.Checks;
using Hanzo.Edge.Configuration.Problems;
using Hanzo.Edge.Configuration.Reference;
using Hanzo.Edge.Configuration.Sections;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Configuration.Yaml;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Configuration;

/// <summary>
/// Turns a file into a configuration, or into everything that is wrong with it. Bytes become text, text a tree with positions,
/// the tree values of declared shapes, and last the parts are compared with each other. Never throws for what is in the file.
/// </summary>
/// <param name="environment">The environment for <c>${env:NAME}</c>: the value of a name, or null.</param>
internal sealed class ConfigurationReader(Func<string, string?> environment)
{
    /// <summary>A reader with this process's environment.</summary>
    public static ConfigurationReader OfThisProcess { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Reads the file at <paramref name="path"/>; one that cannot be read is a problem like any other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="number">The number its version gets.</param>
    public ConfigurationResult ReadFile(string path, long number = 1)
    {
        var file = ConfigurationFile.Read(path);
        return file.Bytes is { } bytes
            ? Read(bytes, path, number)
            : new ConfigurationResult { Problems = [new Problem(Severity.Error, Position.Start, file.Wrong, null)] };
    }

    /// <summary>Reads <paramref name="bytes"/> as if they stood in the file at <paramref name="path"/>.</summary>
    public ConfigurationResult Read(ReadOnlySpan<byte> bytes, string path, long number = 1)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var problems = new ProblemList();
        var substitution = new Substitution(directory, environment);
        var file = Read(bytes, substitution, new Reading(directory, problems, KeyTable.HomesOf));
        var version = new ConfigurationVersion(number, ConfigurationVersion.HashOf(bytes));
        var configuration = file is null || problems.Errors > 0 ? null : Assemble(file, version);
        return new ConfigurationResult
        {
            Configuration = configuration,
            Problems = problems.InFileOrder(),
            Files = [.. substitution.Files],
        };
    }

    private static EdgeFile? Read(ReadOnlySpan<byte> bytes, Substitution substitution, Reading reading)
    {
        if (YamlText.Decode(bytes, reading.Problems) is not { } text)
            return null;
        if (YamlTree.Read(text, substitution, reading.Problems) is not { } root)
            return null;
        FileSection.Shape.TryRead(root, reading, out var file);
        reading.CheckRegions(NamesOfRegions(root));
        if (file is null)
            return null;
        var isReadWhole = reading.Problems.Errors == 0;
        EndpointChecks.Tell(file, reading.Problems);
        ListenChecks.Tell(file, reading.Problems);
        RouteChecks.Tell(file, reading.Problems);
        SteeringChecks.Tell(file, reading.Problems);
        // A sum over values that could not be read would speak of others than the file's.
        if (isReadWhole) FailoverChecks.Tell(file, root, reading.Problems);
        if (file.Dns is null && file.Roles.Contains(EdgeRole.Dns)) reading.Problems.Error(file.RolesAt, "roles: `dns` is named and there is nothing to answer", "describe the zones under `dns`, or take `dns` away");
        SiteChecks.Tell(file, reading.Problems);
        if (file.Dns is { } dns) DnsZones.Compile(dns, file.Steering.Policy, reading.Problems);
        return file;
    }

    /// <summary>The regions there are, those with mistakes included: naming one of these is no second mistake.</summary>
    private static ImmutableArray<string> NamesOfRegions(YamlNode root)
        => root is YamlMapping mapping && mapping.Entries.FirstOrDefault(entry => entry.Key == "regions")?.Value is YamlMapping regions
            ? [.. regions.Entries.Select(entry => entry.Key)]
            : [];

    private static EdgeConfiguration Assemble(EdgeFile file, ConfigurationVersion version)
    {
        var failover = FailoverPlan.Of(file);
        var policy = file.Steering.Policy with { DefaultPlace = file.Geo.DefaultPlace };
        return new()
        {
            Version = version,
            Name = file.Edge.Name,
            Location = file.Edge.Location,
            Drain = file.Edge.Drain,
            Listen = file.Plays(EdgeRole.Proxy) ? [.. file.Listen.Select(listen => listen.Value)] : [],
            Admin = file.Admin,
            Clients = file.Clients,
            Geo = file.Geo.Options,
            Health = file.Health.Options with { Failover = failover.Limits },
            OverrideFile = file.Health.OverrideFile,
            Discovery = file.Discovery,
            Sources = [.. file.Regions.SelectMany(region => region.Value.Sources.Select(source => source.Value with { Region = region.Name }))],
            Peers = file.Peers,
            Failover = failover,
            RetryBudget = file.Failover.RetryBudget,
            Topology = new Topology(version.Number, [.. file.Regions.Select(region => region.Value.Region with { Name = region.Name })], policy),
            Routes = !file.Plays(EdgeRole.Proxy) ? [] : [.. file.Routes.Select(route => route.Value with { Route = route.Value.Route with { RouteId = route.Name, ClusterId = route.Name } })],
            Dns = file.Dns is { } dns && file.Plays(EdgeRole.Dns) ? DnsZones.Compile(dns, policy, new ProblemList())! with { Epochs = dns.Sites.FirstOrDefault(site => site.Name == file.Edge.Name)?.Value.Epochs } : null,
        };
    }
}
