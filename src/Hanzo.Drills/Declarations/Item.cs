using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Hanzo.Drills.Declarations;

/// <summary>A value in a file, read as what it should be. What it is not is told, and something harmless is returned.</summary>
/// <param name="node">What stands there.</param>
/// <param name="path">The keys that lead to it.</param>
internal sealed class Item(YamlNode node, string path, Problems problems)
{
    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

    public YamlNode Node => node;

    public bool IsText => node is YamlScalarNode;

    public bool IsKeys => node is YamlMappingNode;

    /// <summary>Tells that something is wrong here.</summary>
    public void Wrong(string what) => problems.Add((int)node.Start.Line, (int)node.Start.Column, path.Length == 0 ? what : $"{path}: {what}");

    /// <summary>Its keys, each to be taken once.</summary>
    public Keys Keys()
    {
        if (node is YamlMappingNode mapping)
            return new Keys(mapping, path, problems, this);
        Wrong("keys with values are expected");
        return new Keys([], path, problems, this);
    }

    public ImmutableArray<T> List<T>(Func<Item, T> read)
    {
        if (node is YamlSequenceNode sequence)
            return [.. sequence.Children.Select((child, i) => read(new Item(child, $"{path}[{i}]", problems)))];
        Wrong("a list is expected");
        return [];
    }

    /// <summary>A list, or one value alone.</summary>
    public ImmutableArray<T> OneOrMore<T>(Func<Item, T> read) => node is YamlSequenceNode ? List(read) : [read(this)];

    /// <summary>Free names, each with its value, in the order of the file.</summary>
    public ImmutableArray<T> Map<T>(Func<string, Item, T> read)
    {
        if (node is YamlMappingNode mapping)
            return [.. mapping.Children.Select(child => read($"{child.Key}", new Item(child.Value, path.Length == 0 ? $"{child.Key}" : $"{path}.{child.Key}", problems)))];
        Wrong("keys with values are expected");
        return [];
    }

    public string Text()
    {
        if (node is YamlScalarNode { Value.Length: > 0 } scalar)
            return scalar.Value;
        Wrong("text is expected");
        return "";
    }

    /// <summary>A name of lower-case letters, digits and inner hyphens.</summary>
    public string Name()
    {
        var text = Text();
        if (text.Length > 63 || text.Any(c => c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) || text.StartsWith('-') || text.EndsWith('-'))
            Wrong($"'{text}' is not a name: lower-case letters, digits and inner hyphens, at most 63");
        return text;
    }

    public bool Flag() => Choice("true", "false") == "true";

    public string Choice(params IReadOnlyCollection<string> choices)
    {
        var text = Text();
        if (text.Length > 0 && !choices.Contains(text))
            Wrong($"'{text}' is not one of {string.Join(", ", choices)}");
        return text;
    }

    public double Number(double least, double most)
    {
        var text = Text();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        if (text.Length > 0)
            Wrong($"'{text}' is not a number from {least} to {most}");
        return Math.Clamp(0, least, most);
    }

    public int Whole(int least, int most)
    {
        var number = Number(least, most);
        if (number % 1 != 0)
            Wrong($"'{number}' is not a whole number");
        return (int)number;
    }

    /// <summary>A share written in per cent, such as <c>99.9%</c>; 0 to 1.</summary>
    public double Share()
    {
        var text = Text();
        if (text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
            return percent / 100;
        if (text.Length > 0)
            Wrong($"'{text}' is not a share from 0% to 100%");
        return 0;
    }

    /// <summary>A time with its unit, such as <c>500ms</c>, <c>2.5s</c> or <c>1m</c>.</summary>
    public TimeSpan Duration()
    {
        var text = Text();
        if (ParseDuration(text) is { } duration)
            return duration;
        if (text.Length > 0)
            Wrong($"'{text}' is not a duration: write a number with ms, s, m or h");
        return TimeSpan.Zero;
    }

    /// <summary>A time, or <c>from..to</c> between which a seed chooses.</summary>
    public DurationRange Durations()
    {
        var text = Text();
        var parts = text.Split("..");
        if (parts.Length <= 2 && ParseDuration(parts[0]) is { } from && ParseDuration(parts[^1]) is { } to && from <= to)
            return new DurationRange(from, to);
        if (text.Length > 0)
            Wrong($"'{text}' is not a duration such as 2s, or a range such as 2s..4s");
        return new DurationRange(TimeSpan.Zero, TimeSpan.Zero);
    }

    /// <summary>The time that a text says, or null.</summary>
    public static TimeSpan? ParseDuration(string text) =>
        Units.Where(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal))
            .Select(unit => double.TryParse(text[..^unit.Unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? TimeSpan.FromMilliseconds(number * unit.Milliseconds)
                : (TimeSpan?)null)
            .FirstOrDefault(duration => duration is not null);
}
