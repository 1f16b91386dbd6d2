using System.Globalization;

namespace Hanzo.Drills.Worlds;

/// <summary>A wall clock that can be moved under a running program: libfaketime tells the program the time, plus what a file says.</summary>
/// <param name="file">Read by the library once a second.</param>
internal sealed class FalseClock(string file)
{
    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

    /// <summary>Null where clocks can be moved.</summary>
    public static string? WhyNot() => Array.Exists(Libraries, File.Exists) ? null : "clock needs libfaketime (Debian package libfaketime)";

    /// <summary>What the environment of the program says.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Array.Find(Libraries, File.Exists)!,
        ["FAKETIME_TIMESTAMP_FILE"] = file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        // Waits that go by time which only goes on are none of its business: it would turn them into busy ones.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    /// <summary>Puts it ahead of the machine's, or behind by a negative time.</summary>
    public void Set(TimeSpan by)
    {
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{(by < TimeSpan.Zero ? "-" : "+")}{Math.Abs(by.TotalSeconds):0.###}\n"));
        File.Move(file + ".new", file, overwrite: true);
    }
}
