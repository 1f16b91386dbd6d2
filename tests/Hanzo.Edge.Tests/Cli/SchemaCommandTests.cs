using System.CommandLine;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Tests.Configuration;

namespace Hanzo.Edge.Tests.Cli;

public sealed class SchemaCommandTests
{
    [Fact]
    public void It_prints_what_is_kept_beside_the_sample()
    {
        var output = new StringWriter();

        Assert.Equal(0, SchemaCommand.Create().Parse([]).Invoke(new InvocationConfiguration { Output = output }));
        Assert.Equal(File.ReadAllText(Path.Combine(Read.Root, "config/edge.schema.json")), output.ToString());
    }
}
