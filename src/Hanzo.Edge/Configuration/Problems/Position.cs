namespace Hanzo.Edge.Configuration.Problems;

/// <summary>A place in the configuration file.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in UTF-16 units, from 1.</param>
internal readonly record struct Position(int Line, int Column) : IComparable<Position>
{
    /// <summary>The first character of the file.</summary>
    public static Position Start { get; } = new(1, 1);

    /// <inheritdoc/>
    public int CompareTo(Position other) => (Line, Column).CompareTo((other.Line, other.Column));

    /// <inheritdoc/>
    public override string ToString() => $"{Line}:{Column}";
}
