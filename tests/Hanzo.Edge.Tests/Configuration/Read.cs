using System.Text;
using Hanzo.Edge.Configuration;

namespace Hanzo.Edge.Tests.Configuration;

/// <summary>Reads configurations with an environment of the test's own.</summary>
internal static class Read
{
    public static string Root { get; } = FindRoot();

    public static string DemoFile { get; } = Path.Combine(Root, "config/edge.yaml");

    public static string DemoText { get; } = File.ReadAllText(DemoFile);

    public static ConfigurationReader With(params (string Name, string Value)[] environment)
        => new(name => environment.FirstOrDefault(variable => variable.Name == name).Value);

    public static ConfigurationResult Demo(params (string Name, string Value)[] environment) => With(environment).ReadFile(DemoFile);

    /// <summary>Reads <paramref name="text"/> as if it were the demo's file.</summary>
    public static ConfigurationResult Text(string text, params (string Name, string Value)[] environment)
        => With(environment).Read(Encoding.UTF8.GetBytes(text), DemoFile);

    private static string FindRoot()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hanzo.Edge.sln")))
            directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
