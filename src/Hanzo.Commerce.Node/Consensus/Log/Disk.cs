using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hanzo.Commerce.Node.Consensus.Log;

/// <summary>Makes what was written outlast a power cut.</summary>
internal static partial class Disk
{
    /// <summary>The content of a file, but not when it was changed: an overwritten file needs one write for that instead of two.</summary>
    /// <exception cref="IOException">The disk did not take it. What is on it is not known any more (Rebello, "Can applications recover from fsync failures?", 2020).</exception>
    public static void SyncContent(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (fdatasync(file) != 0)
            throw new IOException($"The disk did not take what was written: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>The names in a directory.</summary>
    public static void SyncNames(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        const int ReadOnly = 0;
        var descriptor = open(directory, ReadOnly);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0 || fsync(handle) != 0)
            throw new IOException($"{directory}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int open(string path, int flags);
}
