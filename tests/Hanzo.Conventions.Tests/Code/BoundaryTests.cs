using System.Text.RegularExpressions;

namespace Hanzo.Conventions.Tests.Code;

/// <summary>A library is known in few places, so that it can be replaced and so that the rest is ours to reason about.</summary>
public sealed class BoundaryTests
{
    private static readonly (string Library, string[] Places)[] Boundaries =
    [
        ("Yarp",
        [
            "src/Hanzo.Edge/Proxying/", "src/Hanzo.Edge/Configuration/", // routes are written in YARP's own model
            "src/Hanzo.Edge/EdgeServices.cs", "src/Hanzo.Edge/EdgePipeline.cs", "src/Hanzo.Edge/Program.cs",
        ]),
        ("MaxMind", ["src/Hanzo.Edge/Location/"]),
        ("DnsClient", ["src/Hanzo.Edge/Discovery/", "src/Hanzo.Edge.Health/Probing/Dns", "src/Hanzo.Drills/"]),
        ("DotNext", ["src/Hanzo.Commerce.Node/Consensus/"]),
        ("Sqlite", ["src/Hanzo.Commerce.Node/Storage/"]),
    ];

    private static readonly Rule Rule = tree =>
        from file in tree.CSharp("src")
        from boundary in Boundaries
        where !boundary.Places.Any(file.Path.StartsWith)
        from hit in Regex.Matches(file.CSharp.Code, $@"\b{boundary.Library}\b").Take(1)
        select file.BreaksAt(hit.Index, $"{boundary.Library} is said here", $"Say it only in {string.Join(", ", boundary.Places)}");

    [Fact]
    public void Every_library_stays_behind_its_boundary() => Rule.HoldsHere();

    [Theory]
    [InlineData("Yarp", "using Yarp.ReverseProxy.Forwarder;", "src/Hanzo.Edge/Receipts/Receipt.cs")]
    [InlineData("MaxMind", "var reader = new MaxMind.Db.Reader(path);", "src/Hanzo.Edge/Proxying/Steer.cs")]
    [InlineData("DnsClient", "using DnsClient;", "src/Hanzo.Edge.Health/Probing/HttpProbe.cs")]
    [InlineData("DotNext", "using static DotNext.Threading.Atomic;", "src/Hanzo.Commerce.Node/Carts/Cart.cs")]
    public void A_library_said_elsewhere_is_found(string library, string line, string path) =>
        Assert.StartsWith($"{path}:2: {library} is said here. Say it only in src/", Rule.BrokenBy((path, $"// why\n{line}\n{line}")));

    [Theory]
    [InlineData("src/Hanzo.Edge/Proxying/Steer.cs", "using Yarp.ReverseProxy;")]
    [InlineData("src/Hanzo.Edge/EdgeServices.cs", "using Yarp.ReverseProxy;")]
    [InlineData("src/Hanzo.Edge/Location/Compiler.cs", "using MaxMind.Db;")]
    [InlineData("src/Hanzo.Edge.Health/Probing/DnsProbe.cs", "using DnsClient;")]
    [InlineData("src/Hanzo.Commerce.Node/Consensus/Log.cs", "using DotNext.Net.Cluster;")]
    [InlineData("src/Hanzo.Edge/Receipts/Receipt.cs", "// Yarp counts this otherwise\nvar source = \"Yarp.ReverseProxy\";")]
    public void A_library_said_at_home_or_in_a_comment_is_no_violation(string path, string text) => Rule.KeptBy((path, text));
}
