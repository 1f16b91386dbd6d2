using System.Text.RegularExpressions;
using Hanzo.Conventions.Tests.Projects;

namespace Hanzo.Conventions.Tests.Documents;

/// <summary>A command that a document shows can be typed: its program, verb, options and files exist.</summary>
public sealed partial class CommandTests
{
    private static readonly string[] BuiltInOptions = ["--help", "-h", "-?", "--version"];

    private static readonly Rule Rule = tree =>
    {
        var programs = ProjectFile.AllOf(tree).Where(project => project.Kind == "src" && project.IsProgram).ToList();
        return from file in Markdown.Current(tree)
               from shown in Markdown.Commands(file).Concat(Markdown.InlineCode(file))
               from command in Separator().Split(Comment().Replace(shown.Text, ""))
               let words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipWhile(word => Assignment().IsMatch(word)).ToArray()
               where words.Length > 0
               from broken in Broken(tree, programs, words)
               select file.Breaks(shown.Line, broken, "Show what can be typed, or add it");
    };

    [Fact]
    public void Every_command_a_document_shows_can_be_typed() => Rule.HoldsHere();

    [Theory]
    [InlineData("dotnet run --project src/Hanzo.Drill -- up", "there is no project src/Hanzo.Drill")]
    [InlineData("dotnet run --project src/Hanzo.Drills -- upp --once", "hanzo-drill has no command upp")]
    [InlineData("dotnet run -c Release --project src/Hanzo.Drills -- up --twice", "hanzo-drill has no option --twice")]
    [InlineData("hanzo-drill down", "hanzo-drill has no command down")]
    [InlineData("cd x && HANZO=1 ./out/hanzo-drill up -o=json | jq .", "hanzo-drill has no option -o")]
    [InlineData("dotnet test Hanzo.sln", "Hanzo.sln does not exist")]
    [InlineData("bench/peers/smtp --quick", "bench/peers/smtp does not exist")]
    [InlineData("cat config/drill.yaml # see", "config/drill.yaml does not exist")]
    public void A_command_that_cannot_be_typed_is_found(string command, string what)
    {
        var message = $"README.md:2: {what}. Show what can be typed, or add it.";

        Assert.Equal(message, Rule.BrokenBy([.. Drills, ("README.md", $"```sh\n{command}\n```")]));
        Assert.Equal(message, Rule.BrokenBy([.. Drills, ("README.md", $"```console\n$ {command}\nhanzo-drill prints\n```")]));
        Assert.Equal(message, Rule.BrokenBy([.. Drills, ("README.md", $"Type\n`{command}`.")]));
    }

    [Fact]
    public void Commands_that_can_be_typed_are_no_violations() => Rule.KeptBy([.. Drills, ("README.md",
        """
        `hanzo-drill COMMAND`, `hanzo-drill` and `dotnet test`
        ```sh
        dotnet run --project src/Hanzo.Drills -- up --once   # hanzo-drill what
        dotnet run --project src/Hanzo.Drills/Hanzo.Drills.csproj -- --help
        dotnet test \
          Hanzo.Edge.sln
        hanzo-drill up --port-base=9000 config/edge.yaml > out/hanzo-drill.log
        ```
        ```text
        hanzo-drill sideways
        ```
        """)]);

    private static (string Path, string Text)[] Drills =>
    [
        ("Hanzo.Edge.sln", ""),
        ("config/edge.yaml", ""),
        ("src/Hanzo.Drills/Hanzo.Drills.csproj", "<Project><OutputType>Exe</OutputType><AssemblyName>hanzo-drill</AssemblyName></Project>"),
        ("src/Hanzo.Drills/Cli/Up.cs", "new Command(\"up\") { new Option<bool>(\"--once\"), new Option<int>(\"--port-base\") }; // \"down\""),
    ];

    private static IEnumerable<string> Broken(Tree tree, List<ProjectFile> programs, string[] words)
    {
        foreach (var path in words.Select(word => word.Trim('"', '\'')).Where(word => RepositoryFile().IsMatch(word) && !tree.Has(word.TrimEnd('/'))))
            yield return IsProject(words, path) ? $"there is no project {path}" : $"{path} does not exist";
        if (ProgramAndArguments(programs, words) is not var (program, arguments))
            yield break;
        var literals = tree.CSharp("src").Where(file => file.Path.StartsWith(program.File.Folder + '/', StringComparison.Ordinal))
            .SelectMany(file => Literal().Matches(file.CSharp.CodeAndStrings)).Select(hit => hit.Groups[1].Value).ToHashSet();
        if (arguments is [var verb, ..] && Verb().IsMatch(verb) && !literals.Contains(verb))
            yield return $"{program.AssemblyName} has no command {verb}";
        foreach (var option in arguments.Where(word => Option().IsMatch(word)).Select(word => word.Split('=')[0]))
        {
            if (!literals.Contains(option) && !BuiltInOptions.Contains(option))
                yield return $"{program.AssemblyName} has no option {option}";
        }
    }

    private static bool IsProject(string[] words, string path) =>
        Array.IndexOf(words, path) is > 0 and var at && words[at - 1] == "--project";

    private static (ProjectFile Program, string[] Arguments)? ProgramAndArguments(List<ProjectFile> programs, string[] words)
    {
        var project = Array.IndexOf(words, "--project");
        if (words[0] == "dotnet" && project > 0 && project + 1 < words.Length)
        {
            var folder = words[project + 1].TrimEnd('/');
            var started = programs.Find(program => folder == program.File.Folder || folder == program.File.Path);
            return started is null ? null : (started, [.. words.SkipWhile(word => word != "--").Skip(1)]);
        }

        var named = programs.Find(program => words[0].Split('/')[^1] == program.AssemblyName);
        return named is null ? null : (named, words[1..]);
    }

    [GeneratedRegex(@"\|\|?|&&|;")]
    private static partial Regex Separator();

    [GeneratedRegex(@"(?:^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^(?:(?:src|tests|bench|config|data|\.ci)/[\w./-]+|[\w.-]+\.sln)$")]
    private static partial Regex RepositoryFile();

    [GeneratedRegex("^[a-z][a-z-]*$")]
    private static partial Regex Verb();

    [GeneratedRegex("^--?[a-z][a-z-]*(?:=|$)")]
    private static partial Regex Option();

    [GeneratedRegex("\"([^\"\\s]+)\"")]
    private static partial Regex Literal();
}
