using Hanzo.Drills.Cli;

return await DrillCommand.Run(args, TimeProvider.System);
