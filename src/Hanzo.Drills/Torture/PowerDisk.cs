using Hanzo.Drills.Worlds;

namespace Hanzo.Drills.Torture;

/// <summary>
/// A disk of one node that forgets, in a power cut, what was never synced. It is an ext4 file system in a file that only the
/// node sees mounted. What the node wrote and did not sync is in the page cache alone; the file has what reached the disk. A
/// cut keeps a copy of the file as it is then, kills the node and goes on with the copy. Nothing is written back by itself
/// meanwhile: the journal waits ten minutes, the kernel half of one.
/// </summary>
/// <param name="directory">Where the node finds it.</param>
internal sealed class PowerDisk(string name, string directory, RunDirectory run, Keeper keeper, TimeProvider time)
{
    private const long Size = 512L << 20;
    private const string Mount = "mount -o loop,noatime,commit=600 \"$1\" \"$2\"; shift 2; exec \"$@\"";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Needed = ["/usr/sbin/mkfs.ext4", "/usr/bin/mount", "/usr/bin/unshare", "/dev/loop-control"];

    private readonly string _image = Path.Combine(run.Path, $"{name}.disk");

    private string Kept => _image + ".kept";

    /// <summary>Why this machine cannot have one; null when it can.</summary>
    public static string? WhyNot() =>
        !OperatingSystem.IsLinux() || Posix.EffectiveUserId() != 0 ? "disks that lose power need root on Linux, to mount them"
        : Needed.FirstOrDefault(file => !File.Exists(file)) is { } missing ? $"disks that lose power need {missing}"
        : null;

    /// <summary>What to write before the node's command: mounts the disk where nobody else sees it, so that it goes with the node.</summary>
    public IReadOnlyList<string> Through => ["/usr/bin/unshare", "--mount", "--", "/bin/sh", "-ec", Mount, "mount", _image, directory];

    public async Task Make()
    {
        using (var image = File.Create(_image))
            image.SetLength(Size);
        Directory.CreateDirectory(directory);
        await Do($"disk of {name}", ["/usr/sbin/mkfs.ext4", "-q", "-F", "-m", "0", _image]);
    }

    /// <summary>Keeps what has reached the disk. The node stands still meanwhile, and is killed before <see cref="GoOn"/>.</summary>
    public async Task Keep()
    {
        var written = default(DateTime);
        // Once more when the kernel wrote meanwhile: a copy must be of one moment.
        while (written != (written = File.GetLastWriteTimeUtc(_image)))
            await Do($"cut of {name}", ["/usr/bin/cp", "--sparse=always", _image, Kept]);
    }

    /// <summary>Replaces the disk by what was kept of it, once the killed node's is unmounted.</summary>
    public async Task GoOn()
    {
        await Unmounted();
        File.Move(Kept, _image, overwrite: true);
    }

    /// <summary>Waits until no process has it mounted any more: it goes a moment after the last one.</summary>
    public async Task Unmounted()
    {
        while (Directory.GetDirectories("/sys/block", "loop*").Any(device => BackingFile(device) == _image))
            await Task.Delay(Pause, time);
    }

    private async Task Do(string what, IReadOnlyList<string> command)
    {
        using var child = await keeper.Start(what, run.LogOf($"{name}.disk"), new Dictionary<string, string>(), command);
        await child.Exit();
        if (child.ExitCode != 0)
            throw new InvalidOperationException(child.Epitaph());
    }

    private static string? BackingFile(string device)
    {
        try
        {
            return File.ReadAllText(Path.Combine(device, "loop", "backing_file")).TrimEnd();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
