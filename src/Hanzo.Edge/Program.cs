using System.CommandLine;
using Hanzo.Edge.Cli;
using Hanzo.Edge.Configuration;
using Hanzo.Sockets;

SocketEngine.Prepare();

var reader = ConfigurationReader.OfThisProcess;
var root = new RootCommand("An edge that sends each request to its nearest healthy region.")
{
    RunCommand.Create(reader),
    CheckCommand.Create(reader),
    ExplainCommand.Create(reader),
    RegionCommand.Create(),
    StatusCommand.Create(TimeProvider.System),
    SchemaCommand.Create(),
    HealthcheckCommand.Create(),
    VersionCommand.Create(),
};

var parsed = root.Parse(args);
// `run` handles signals itself: it drains.
var status = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? ExitCode.Usage : status;
