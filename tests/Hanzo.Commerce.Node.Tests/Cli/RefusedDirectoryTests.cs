using Hanzo.Commerce.Node.Cli;
using Hanzo.Commerce.Node.Consensus;

namespace Hanzo.Commerce.Node.Tests.Cli;

public sealed class RefusedDirectoryTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hanzo-refused-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("--cluster", "other", "it belongs to the cluster hanzo, and --cluster says other")]
    [InlineData("--shards", "8", "its state is split into 4 shards, and --shards says 8; the number is fixed at the first start")]
    [InlineData("--name", "us-east-2", "it belongs to the node us-east-1, and --name says us-east-2")]
    public async Task A_node_does_not_start_with_another_ones_directory(string option, string value, string expected)
    {
        var consensus = Path.Combine(_data, "consensus");
        var identity = NodeIdentity.Open(consensus, "hanzo", 4, "us-east-1");
        var args = new Dictionary<string, string> { ["--region"] = "us-east", ["--name"] = "us-east-1", ["--listen"] = "127.0.0.1:0", ["--data"] = _data, [option] = value };
        using var output = new StringWriter();
        using var error = new StringWriter();

        var exitCode = await NodeCommand.Run(["run", .. args.SelectMany(arg => new[] { arg.Key, arg.Value })], TimeProvider.System, output, error);

        Assert.Equal(1, exitCode);
        Assert.Equal($"hanzo-node: cannot use the data directory: {Path.Combine(consensus, "identity.json")}: {expected}", error.ToString().TrimEnd());
        Assert.Equal(identity.Id, NodeIdentity.Open(consensus, "hanzo", 4, "us-east-1").Id);
    }
}
