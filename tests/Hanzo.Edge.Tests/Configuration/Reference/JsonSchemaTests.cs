using Hanzo.Edge.Configuration.Reference;

namespace Hanzo.Edge.Tests.Configuration.Reference;

public sealed class JsonSchemaTests
{
    [Fact]
    public void The_schema_beside_the_sample_is_current() => Kept.Holds("config/edge.schema.json", JsonSchema.Text());

    [Fact]
    public void The_sample_names_the_schema_for_editors()
        => Assert.StartsWith("# yaml-language-server: $schema=edge.schema.json\n", Read.DemoText, StringComparison.Ordinal);
}
