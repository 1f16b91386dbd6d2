namespace Hanzo.Edge.Location;

/// <summary>
/// Reads the elements of one Forwarded header line (RFC 7239 §4) from left to right. Quoting rules the reading: a comma
/// inside quotes ends nothing, so a line cannot be cut from the right. A line that breaks the grammar anywhere is garbage as a
/// whole, because an attacker at its left end could otherwise shift what a proxy appended into a quoted string of his own.
/// </summary>
internal ref struct ForwardedElements(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> rest = line;

    /// <summary>Whether what was read so far keeps the grammar.</summary>
    public bool IsWellFormed { get; private set; } = true;

    /// <summary>The next element's <c>for</c>, without quotes; empty where the element has none.</summary>
    /// <returns>False at the end, and where the grammar is broken.</returns>
    public bool TryNext(out ReadOnlySpan<char> node)
    {
        node = default;
        rest = rest.TrimStart(" \t,");
        if (rest.IsEmpty || !IsWellFormed)
        {
            return false;
        }

        var seen = false;
        do
        {
            rest = rest.TrimStart(" \t;");
            if (!TryPair(out var name, out var value) || (name.Equals("for", StringComparison.OrdinalIgnoreCase) && seen))
            {
                IsWellFormed = false;
                return false;
            }

            if (name.Equals("for", StringComparison.OrdinalIgnoreCase))
            {
                seen = true;
                node = value;
            }

            rest = rest.TrimStart(" \t");
        }
        while (rest is [';', ..]);

        IsWellFormed = rest.IsEmpty || rest[0] == ',';
        return IsWellFormed;
    }

    private bool TryPair(out ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        name = value = default;
        var equals = rest.IndexOfAny("=,;\"");
        if (equals <= 0 || rest[equals] != '=')
        {
            return false;
        }

        name = rest[..equals];
        rest = rest[(equals + 1)..];
        var quoted = rest is ['"', ..];
        if (quoted)
        {
            rest = rest[1..];
        }

        // An address needs no escaping: a quoted string with a backslash cannot be one that anybody means.
        var end = quoted ? rest.IndexOfAny("\"\\") : rest.IndexOfAny(",; \t\"");
        if (quoted && (end < 0 || rest[end] == '\\'))
        {
            return false;
        }

        end = end < 0 ? rest.Length : end;
        value = rest[..end];
        rest = rest[(quoted ? end + 1 : end)..];
        return quoted || !value.IsEmpty;
    }
}
