using System.Text;
using Hanzo.Edge.Configuration.Problems;

namespace Hanzo.Edge.Configuration.Yaml;

/// <summary>Turns the bytes of a file into text that the parser may see.</summary>
internal static class YamlText
{
    /// <summary>Bytes a configuration file may have: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or null with the problems that keep it from being YAML at all.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.Length > MaxBytes)
        {
            problems.Error(Position.Start, $"the file has {bytes.Length:N0} bytes; at most {MaxBytes:N0} are read", "is this the right file?");
            return null;
        }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        if (FirstBadByte(bytes) is { } bad)
        {
            problems.Error(PositionOf(bytes, bad), $"the file is not UTF-8: byte 0x{bytes[bad]:X2} does not belong here", "save it as UTF-8");
            return null;
        }
        var text = Strict.GetString(bytes);
        if (text.All(c => char.IsWhiteSpace(c) || c == '\0'))
        {
            problems.Error(Position.Start, "the file is empty", "`version: 1` is its first key; config/edge.yaml is an example");
            return null;
        }
        return TellUnreadable(text, problems) ? null : text;
    }

    /// <summary>Tabs that indent and control characters: YAML allows neither, and says so poorly.</summary>
    private static bool TellUnreadable(string text, ProblemList problems)
    {
        var before = problems.Errors;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var indent = line[..^line.TrimStart().Length];
            if (indent.Contains('\t') && indent.Length < line.Length && line[indent.Length] != '#')
                problems.Error(new Position(number, indent.IndexOf('\t') + 1), "a tab indents this line; YAML indents with spaces only", "put two spaces in place of each tab");
            var control = line.IndexOfAnyInRange('\0', '\u0008');
            if (control >= 0)
                problems.Error(new Position(number, control + 1), $"control character U+{(int)line[control]:X4} is not allowed in YAML", "take it away");
        }
        return problems.Errors > before;
    }

    private static int? FirstBadByte(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var used) != System.Buffers.OperationStatus.Done)
                return at;
            at += used;
        }
        return null;
    }

    private static Position PositionOf(ReadOnlySpan<byte> bytes, int at)
    {
        var before = bytes[..at];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new Position(before.Count((byte)'\n') + 1, Strict.GetCharCount(before[lineStart..]) + 1);
    }
}
