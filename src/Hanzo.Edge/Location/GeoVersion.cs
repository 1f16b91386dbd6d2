using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Hanzo.Edge.Configuration;
using Hanzo.Edge.Location.Mmdb;

namespace Hanzo.Edge.Location;

/// <summary>One version of a database file, validated and compiled.</summary>
/// <param name="Table">What it says.</param>
/// <param name="DatabaseType">What its maker calls it.</param>
/// <param name="Built">When it was built.</param>
/// <param name="Sha256">Its SHA-256 in hex.</param>
/// <param name="File">What the file looked like when it was read.</param>
/// <param name="CompileTime">How long validating and compiling took.</param>
internal sealed record GeoVersion(PlaceTable Table, string DatabaseType, DateTimeOffset Built, string Sha256, GeoFile File, TimeSpan CompileTime)
{
    /// <summary>Reads the database that <paramref name="options"/> name. Whatever the file holds, this ends, and never by an exception.</summary>
    /// <returns>False with what is wrong, naming the file, in <paramref name="fault"/>.</returns>
    public static bool TryLoad(GeoOptions options, TimeProvider time, [NotNullWhen(true)] out GeoVersion? version, [NotNullWhen(false)] out string? fault)
        => TryLoad(options, GeoFile.Look(options.Database), time, out version, out fault);

    /// <summary>Reads the database as it was when <paramref name="file"/> was looked at; one that changed since is a fault.</summary>
    public static bool TryLoad(GeoOptions options, GeoFile file, TimeProvider time, [NotNullWhen(true)] out GeoVersion? version, [NotNullWhen(false)] out string? fault)
    {
        version = null;
        var start = time.GetTimestamp();
        var bytes = file.Read(out fault);
        if (bytes is not null && GeoFile.Look(options.Database) != file)
        {
            fault = "the file is being written";
        }

        if (fault is null && TryCompile(options, bytes!, out var sha256, out var database, out var table, out fault))
        {
            version = new(table, database.DatabaseType, database.Built, sha256, file, time.GetElapsedTime(start));
        }

        fault = fault is null ? null : $"{options.Database}: {fault}";
        return version is not null;
    }

    private static bool TryCompile(
        GeoOptions options,
        byte[] bytes,
        out string sha256,
        [NotNullWhen(true)] out MmdbFile? database,
        [NotNullWhen(true)] out PlaceTable? table,
        [NotNullWhen(false)] out string? fault)
    {
        (database, table, fault) = (null, null, null);
        sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (options.Sha256 is { } expected && !expected.Equals(sha256, StringComparison.OrdinalIgnoreCase))
        {
            fault = $"its SHA-256 is {sha256}, not {expected.ToLowerInvariant()} as configured";
            return false;
        }

        if (!MmdbFile.TryOpen(bytes, out database, out fault) || !PlaceTableCompiler.TryCompile(database, out table, out fault))
        {
            return false;
        }

        fault = Canaries.Disagreement(bytes, table);
        return fault is null;
    }
}
