using Hanzo.Commerce.Node.Cli;

return await NodeCommand.Run(args, TimeProvider.System, Console.Out, Console.Error);
