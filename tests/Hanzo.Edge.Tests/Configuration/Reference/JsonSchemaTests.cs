using System.Text.Json.Nodes;
using Hanzo.Edge.Configuration.Reference;

namespace Hanzo.Edge.Tests.Configuration.Reference;

/// <summary>The schema that editors use agrees with the reader as far as a schema can.</summary>
public sealed class JsonSchemaTests
{
    private const string Broken = "tests/Hanzo.Edge.Tests/Configuration/Broken";

    private readonly SchemaJudge judge = new(JsonNode.Parse(JsonSchema.Text())!.AsObject());

    /// <summary>Broken files whose mistake a schema can see; what compares two places of the file is not among them.</summary>
    public static TheoryData<string> VisibleToEditors =>
    [
        "a-list", "a-word", "boolean-in-quotes", "capitals-in-a-key", "choice-typo", "coordinates-as-text", "coordinates-out-of-range", "coordinates-three",
        "country-and-continent-mixed-up", "database-hash", "duration-in-words", "duration-without-unit", "endpoint-list-empty", "endpoint-mistakes",
        "everything-at-once", "host-name-to-listen-on", "key-in-another-section", "key-one-level-too-high", "latency-without-unit",
        "latitude-and-longitude-swapped", "list-for-a-value", "map-as-a-list", "missing-colon-in-a-section", "nearly-everything-missing",
        "number-for-a-name", "number-in-quotes", "number-in-words", "number-out-of-range", "number-with-a-fraction", "path-without-slash", "port-missing",
        "region-name-in-capitals", "region-section-typo", "route-without-a-match", "section-without-values", "sixty-five-regions", "tls-half",
        "transform-typo", "two-unknown-keys", "upstream-version", "value-for-a-list", "value-missing", "version-missing", "version-of-tomorrow", "yes-and-no",
    ];

    [Fact]
    public void The_schema_beside_the_sample_is_current() => Kept.Holds("config/edge.schema.json", JsonSchema.Text());

    [Fact]
    public void The_sample_names_the_schema_for_editors()
        => Assert.StartsWith("# yaml-language-server: $schema=edge.schema.json\n", Read.DemoText, StringComparison.Ordinal);

    [Theory]
    [InlineData("config/edge.yaml")]
    [InlineData("tests/Hanzo.Edge.Tests/Configuration/everything.yaml")]
    public void A_good_file_keeps_the_schema(string file)
        => Assert.Null(judge.Breaks(YamlAsJson.Read(Path.Combine(Read.Root, file))));

    [Theory]
    [MemberData(nameof(VisibleToEditors))]
    public void A_mistake_that_a_schema_can_see_breaks_it(string name)
        => Assert.NotNull(judge.Breaks(YamlAsJson.Read(Path.Combine(Read.Root, Broken, name + ".yaml"))));
}
