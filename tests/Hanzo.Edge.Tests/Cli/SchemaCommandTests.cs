using System.CommandLine;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Configuration.Reference;

namespace Hanzo.Edge.Tests.Cli;

public sealed class SchemaCommandTests
{
    [Fact]
    public void It_prints_the_schema_of_the_file()
    {
        var output = new StringWriter();

        Assert.Equal(0, SchemaCommand.Create().Parse([]).Invoke(new InvocationConfiguration { Output = output }));
        Assert.Equal(JsonSchema.Text(), output.ToString());
    }
}
