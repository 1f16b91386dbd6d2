using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Code;

/// <summary>Nothing here depends on where it was written: no package host, no folder of one machine.</summary>
public sealed partial class PlaceNameTests
{
    // Joined here so that this file keeps its own rule.
    private static readonly string[] Hosts =
    [
        string.Join('.', "nuget", "org"), string.Join('.', "myget", "org"), string.Join('.', "npmjs", "org"), string.Join('.', "npmjs", "com"),
        string.Join('.', "pypi", "org"), string.Join('.', "crates", "io"), string.Join('.', "golang", "org"), string.Join('.', "rubygems", "org"),
    ];

    private static readonly Rule NoPackageHost = tree =>
        from file in tree.Files
        where file.Name != "packages.lock.json"
        from host in Hosts
        let index = file.Text.IndexOf(host, StringComparison.OrdinalIgnoreCase)
        where index >= 0
        select file.BreaksAt(index, $"{host} is a package host", "Name the package; where packages come from is the reader's setting");

    private static readonly Rule NoMachineFolder = tree =>
        from file in tree.Files
        from hit in MachineFolder().Matches(file.Text)
        select file.BreaksAt(hit.Index, $"{hit.Value} is a folder of one machine", "Use a path from the repository root, mktemp or Path.GetTempPath");

    [Fact]
    public void No_file_names_a_package_host() => NoPackageHost.HoldsHere();

    [Fact]
    public void No_file_names_a_folder_of_one_machine() => NoMachineFolder.HoldsHere();

    [Fact]
    public void A_package_host_is_found() =>
        Assert.Equal(
            $"docs/a.md:2: {Hosts[0]} is a package host. Name the package; where packages come from is the reader's setting.",
            NoPackageHost.BrokenBy(("docs/a.md", $"#\nsee https://api.{Hosts[0].ToUpperInvariant()}/v3"), ("src/A/packages.lock.json", Hosts[0])));

    [Theory]
    [InlineData("work")]
    [InlineData("root")]
    [InlineData("tmp")]
    [InlineData("Users")]
    public void A_folder_of_one_machine_is_found(string folder) =>
        Assert.Contains(" is a folder of one machine.", NoMachineFolder.BrokenBy(("a.sh", $"cd '/{folder}/main'")));

    [Theory]
    [InlineData("cd src/work/main")]
    [InlineData("curl http://127.0.0.1:8080/work/1")]
    [InlineData("tmpfs: /tmp")]
    [InlineData("$HOME/root/a and ${dir}/tmp/b")]
    public void A_path_from_elsewhere_is_no_violation(string text) => NoMachineFolder.KeptBy(("a.sh", text));

    [GeneratedRegex(@"(?<![\w.~})*])/(?:work|root|tmp|Users)/\w+")]
    private static partial Regex MachineFolder();
}
