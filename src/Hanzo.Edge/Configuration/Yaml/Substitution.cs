using System.Text;
using System.Text.RegularExpressions;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration.Yaml;

/// <summary>
/// Puts <c>${env:NAME}</c>, <c>${env:NAME:-default}</c> and <c>${file:path}</c> into values. It works on values already parsed,
/// so that nothing from outside can add keys. <c>$${</c> stands for <c>${</c>.
/// </summary>
/// <param name="directory">What file paths are relative to.</param>
/// <param name="environment">The environment: the value of a name, or null.</param>
internal sealed partial class Substitution(string directory, Func<string, string?> environment)
{
    /// <summary>Bytes a file that is put in may have: 64 KiB.</summary>
    public const int MaxFileBytes = 1 << 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly SortedSet<string> files = new(StringComparer.Ordinal);

    /// <summary>Full paths of the files that values came from, whether they could be read or not.</summary>
    public IReadOnlyCollection<string> Files => files;

    /// <summary>The value with everything put in; null, and told, where something is missing.</summary>
    /// <param name="written">The value as written.</param>
    /// <param name="positionOf">Where a character of it stands.</param>
    /// <param name="problems">Takes what is unset, unreadable or not understood.</param>
    /// <param name="substituted">Whether anything came from outside.</param>
    public string? Apply(string written, Func<int, Position> positionOf, ProblemList problems, out bool substituted)
    {
        substituted = false;
        if (!written.Contains("${", StringComparison.Ordinal))
            return written;
        var (outside, missing) = (false, false);
        var text = Reference().Replace(written, match =>
        {
            if (match.Value.StartsWith("$$", StringComparison.Ordinal))
                return "${";
            outside = true;
            var value = Resolve(match.Value, positionOf(match.Index), problems);
            missing |= value is null;
            return value ?? "";
        });
        substituted = outside;
        return missing ? null : text;
    }

    private string? Resolve(string reference, Position at, ProblemList problems)
    {
        if (EnvironmentReference().Match(reference) is { Success: true } variable)
            return FromEnvironment(variable.Groups["name"].Value, variable.Groups["default"], at, problems);
        if (FileReference().Match(reference) is { Success: true } file)
            return FromFile(file.Groups["name"].Value, at, problems);
        problems.Error(at, $"'{reference}' is not understood", "write ${env:NAME}, ${env:NAME:-default} or ${file:/path}; $${ stands for a plain ${");
        return null;
    }

    private string? FromEnvironment(string name, Group fallback, Position at, ProblemList problems)
    {
        // Empty counts as unset, as `:-` has it in a shell: an empty value is nearly always a variable someone forgot.
        if (environment(name) is { Length: > 0 } value)
            return value;
        if (fallback.Success)
            return fallback.Value;
        problems.Error(at, $"environment variable {name} is not set, or empty", $"set it, or give a default: ${{env:{name}:-default}}");
        return null;
    }

    private string? FromFile(string name, Position at, ProblemList problems)
    {
        var path = Path.GetFullPath(Path.Combine(directory, name));
        files.Add(path);
        try
        {
            using var stream = File.OpenRead(path);
            var bytes = new byte[MaxFileBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxFileBytes)
                problems.Error(at, $"{path} has more than {MaxFileBytes:N0} bytes", "is this the right file?");
            else
                return WithoutLastNewline(Strict.GetString(bytes, 0, length));
        }
        catch (DecoderFallbackException)
        {
            problems.Error(at, $"{path} is not UTF-8 text");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            problems.Error(at, $"{path} cannot be read: {Why(e)}", "is it there, and may this user read it?");
        }
        return null;
    }

    private static string Why(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it is a directory, or access is denied",
        _ => "the system refused",
    };

    private static string WithoutLastNewline(string text)
        => text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    [GeneratedRegex(@"\$\$\{|\$\{[^}]*(?:\}|$)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\$\{env:(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?\}$", RegexOptions.ExplicitCapture)]
    private static partial Regex EnvironmentReference();

    [GeneratedRegex(@"^\$\{file:(?<name>[^}\0]+)\}$", RegexOptions.ExplicitCapture)]
    private static partial Regex FileReference();
}
