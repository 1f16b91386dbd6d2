namespace Hanzo.Edge.Configuration.Problems;

/// <summary>How bad a <see cref="Problem"/> is.</summary>
internal enum Severity
{
    /// <summary>The file is not taken.</summary>
    Error,

    /// <summary>The file is taken; what it does may surprise.</summary>
    Warning,
}

/// <summary>Something wrong or surprising in a configuration file.</summary>
/// <param name="Severity">Whether the file can be used all the same.</param>
/// <param name="At">Where it stands.</param>
/// <param name="Message">What is wrong, beginning with the key. Never holds a value that came from the environment or from another file.</param>
/// <param name="Fix">What to write instead, or null where the message says it already.</param>
internal sealed record Problem(Severity Severity, Position At, string Message, string? Fix)
{
    /// <summary>The problem as compilers print theirs, so that editors can jump to it: <c>file:line:column: error: message</c>, and the fix on a line of its own.</summary>
    public string Show(string file)
    {
        var kind = Severity == Severity.Error ? "error" : "warning";
        var first = $"{file}:{At}: {kind}: {Message}";
        return Fix is null ? first : $"{first}\n    fix: {Fix}";
    }
}
