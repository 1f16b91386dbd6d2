using Hanzo.Commerce.Node.Cli;
using Hanzo.Sockets;

SocketEngine.Prepare();
return await NodeCommand.Run(args, TimeProvider.System, Console.Out, Console.Error);
