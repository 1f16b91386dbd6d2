using System.Collections.Immutable;
using System.Text.Json;

namespace Hanzo.Edge.Health.Overriding;

/// <summary>
/// Keeps overrides in a file, replaced whole, so that they survive a restart; and beside it, named with <c>.audit</c>, one
/// line of JSON for everything that was ordered, refused or ended.
/// </summary>
/// <param name="path">The file; its directory must exist and be writable.</param>
public sealed class OverrideStore(string path)
{
    /// <summary>The overrides that were kept; none where there is no file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">The file is not what <see cref="Save"/> writes.</exception>
    internal ImmutableArray<ActiveOverride> Load() =>
        File.Exists(path) ? [.. JsonSerializer.Deserialize(File.ReadAllBytes(path), OverrideJson.Default.ActiveOverrideArray) ?? throw new JsonException("null is no list of overrides.")] : [];

    /// <summary>Keeps these and no others.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one stays.</exception>
    internal void Save(ImmutableArray<ActiveOverride> active)
    {
        var next = path + ".next";
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, active, OverrideJson.Default.ImmutableArrayActiveOverride);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
    }

    /// <summary>Adds a line to the audit log.</summary>
    internal void Audit(AuditLine line) => File.AppendAllText(path + ".audit", JsonSerializer.Serialize(line, OverrideJson.Default.AuditLine) + "\n");
}

/// <summary>One line of the audit log.</summary>
/// <param name="At">When.</param>
/// <param name="Event">ordered, refused or ended.</param>
/// <param name="Order">What was asked for; null for an end by time.</param>
/// <param name="Refusal">Why it was refused.</param>
/// <param name="Ended">The override whose time was over.</param>
internal sealed record AuditLine(DateTimeOffset At, string Event, OverrideOrder? Order = null, string? Refusal = null, ActiveOverride? Ended = null);
