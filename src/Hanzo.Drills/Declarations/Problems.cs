namespace Hanzo.Drills.Declarations;

/// <summary>What is wrong with a file, each with the place where it stands.</summary>
/// <param name="file">The file as the user named it.</param>
internal sealed class Problems(string file)
{
    private readonly List<(int Line, int Column, string Text)> _all = [];

    public bool Any => _all.Count > 0;

    /// <summary>One line a problem, as compilers write them, in the order of the file.</summary>
    public IReadOnlyList<string> Lines => [.. _all.OrderBy(one => one.Line).ThenBy(one => one.Column).Select(one => $"{file}:{one.Line}:{one.Column}: error: {one.Text}")];

    public void Add(int line, int column, string text) => _all.Add((line, column, text));
}
