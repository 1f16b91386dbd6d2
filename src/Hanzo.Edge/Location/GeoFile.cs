using System.Security.Cryptography;

namespace Hanzo.Edge.Location;

/// <summary>
/// What a database file looked like at one moment, without reading it whole: where its links end, how long it is, when it was
/// written, and a hash of its first and last bytes. The end of a database holds its build time, so even a file of the same
/// length and time tells itself apart. Two equal looks some time apart mean that nobody is writing.
/// </summary>
/// <param name="Target">The file behind all links, or null where there is none.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">When its content changed last.</param>
/// <param name="Sample">Hash of its ends.</param>
internal sealed record GeoFile(string? Target, long Length, DateTime Written, string Sample)
{
    private const long LongestFile = 1L << 30;
    private const int SampleStart = 4 * 1024;
    private const int SampleEnd = 64 * 1024;

    /// <summary>Looks at the file at <paramref name="path"/>, which need not exist.</summary>
    public static GeoFile Look(string path)
    {
        try
        {
            var link = new FileInfo(path);
            var file = link.LinkTarget is null ? link : link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
            return file.Exists ? new(file.FullName, file.Length, file.LastWriteTimeUtc, Ends(file)) : Missing;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return Missing with { Sample = gone.Message };
        }
    }

    /// <summary>Reads the file whole into memory: a mapped one that is overwritten in place would end the process.</summary>
    /// <returns>The bytes, or null with what is wrong in <paramref name="fault"/>.</returns>
    public byte[]? Read(out string? fault)
    {
        fault = this switch
        {
            { Target: null } => Sample.Length == 0 ? "there is no such file" : Sample,
            { Length: 0 } => "the file is empty",
            { Length: > LongestFile } => $"the file has {Length:N0} bytes; at most {LongestFile:N0} are read",
            _ => null,
        };
        if (fault is not null)
        {
            return null;
        }

        try
        {
            var bytes = File.ReadAllBytes(Target!);
            fault = bytes.Length == Length ? null : "the file is being written";
            return fault is null ? bytes : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            fault = unreadable.Message;
            return null;
        }
    }

    private static GeoFile Missing { get; } = new(null, 0, default, "");

    private static string Ends(FileInfo file)
    {
        if (file.Length == 0)
        {
            return "";
        }

        using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> ends = new byte[SampleStart + SampleEnd];
        var start = RandomAccess.Read(handle, ends[..SampleStart], 0);
        var end = RandomAccess.Read(handle, ends[start..], Math.Max(start, file.Length - SampleEnd));
        return Convert.ToHexString(SHA256.HashData(ends[..(start + end)]));
    }
}
