using System.Text.Json;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// Snapshots of version 1, as nodes wrote them before: a line of JSON for the head, for each row, and for the end. They are
/// read for good, since backups are kept for years.
/// </summary>
internal static class SnapshotLines
{
    private const int Version = 1;

    /// <exception cref="InvalidDataException">It is cut off, or of another version.</exception>
    public static CommerceState Load(RowReader from)
    {
        if (Next(from) is not SnapshotHead { Version: Version } head)
            throw new InvalidDataException($"This is no snapshot of version {Version}, or of a later one that this program knows.");
        var rows = new SnapshotBuilder();
        for (long count = 1; Next(from) is { } row; count++)
        {
            if (row is not SnapshotEnd end)
                rows.Add(row);
            else if (end.Rows == count && from.IsAtEnd)
                return rows.Build(head);
            else
                break;
        }
        throw new InvalidDataException("The snapshot is cut off.");
    }

    private static SnapshotRow? Next(RowReader from) =>
        from.Line() is { IsEmpty: false } line ? JsonSerializer.Deserialize(line, MachineJson.Context.SnapshotRow) : null;
}
