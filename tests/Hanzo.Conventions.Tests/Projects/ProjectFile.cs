using System.Xml;
using System.Xml.Linq;

namespace Hanzo.Conventions.Tests.Projects;

/// <summary>One csproj file of a tree.</summary>
internal sealed record ProjectFile(TextFile File, XElement Xml)
{
    /// <summary>The project's name, which is its folder's.</summary>
    public string Name => File.Name[..^".csproj".Length];

    /// <summary>The top folder: src, tests or bench.</summary>
    public string Kind => File.Path.Split('/')[0];

    /// <summary>The program's name where the project makes one.</summary>
    public string AssemblyName => Property("AssemblyName") ?? Name;

    public bool IsProgram => Property("OutputType") == "Exe";

    /// <summary>Projects whose code this one uses; a reference that only orders the build shares none.</summary>
    public IEnumerable<(string Name, int Line)> References =>
        from item in Items("ProjectReference")
        where (string?)item.Attribute("ReferenceOutputAssembly") != "false"
        select (Path.GetFileNameWithoutExtension(Include(item).Replace('\\', '/')), LineOf(item));

    public static IEnumerable<ProjectFile> AllOf(Tree tree) =>
        from file in tree.Files
        where file.Path.EndsWith(".csproj", StringComparison.Ordinal)
        select new ProjectFile(file, XElement.Parse(file.Text, LoadOptions.SetLineInfo));

    public string? Property(string name) => Xml.Descendants(name).FirstOrDefault()?.Value;

    public IEnumerable<XElement> Items(string name) => Xml.Descendants(name);

    public static string Include(XElement item) => (string?)item.Attribute("Include") ?? "";

    public static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
