namespace Hanzo.Drills.Worlds;

/// <summary>
/// A disk of a node's own that can be filled: a tmpfs over the node's directory, in a mount namespace that a sleeping process holds.
/// Both go with that process, which the kernel ends with this one. It outlives the node, so that a node starts again with its state.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const string Size = "192m";
    private const int BlockSize = 1 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Child _holder;
    private readonly string _filler;

    private SmallDisk(Child holder, string directory)
    {
        _holder = holder;
        _filler = $"/proc/{holder.Pid}/root{directory}/filler";
    }

    /// <summary>Null where there can be one.</summary>
    public static string? WhyNot() =>
        !OperatingSystem.IsLinux() || Posix.EffectiveUserId() != 0 ? "fullDisk needs root on Linux, to mount a disk of the node's own"
        : Array.Find(["/usr/bin/unshare", "/usr/bin/nsenter"], program => !File.Exists(program)) is { } missing ? $"fullDisk needs {missing} (util-linux)"
        : null;

    /// <param name="directory">Where the node keeps its state.</param>
    public static async Task<SmallDisk> Make(string node, string directory, RunDirectory run, Keeper keeper, TimeProvider time)
    {
        Directory.CreateDirectory(directory);
        var holder = await keeper.Start($"disk of {node}", run.LogOf($"disk-{node}"), new Dictionary<string, string>(),
            ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", "mount -t tmpfs -o size=\"$1\" hanzo-drill \"$2\"; exec sleep infinity", "sh", Size, directory]);
        while (!holder.HasExited && !File.ReadAllText($"/proc/{holder.Pid}/mountinfo").Contains($" {directory} ", StringComparison.Ordinal))
            await Task.Delay(Pause, time);
        return holder.HasExited ? throw new InvalidOperationException(holder.Epitaph()) : new SmallDisk(holder, directory);
    }

    /// <summary>What to write before a command so that it finds the disk.</summary>
    public IReadOnlyList<string> Inside => ["/usr/bin/nsenter", $"--mount=/proc/{_holder.Pid}/ns/mnt", "--"];

    /// <summary>Leaves not a byte free.</summary>
    public async Task Fill(CancellationToken cancellation)
    {
        await using var file = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[BlockSize];
        for (var size = BlockSize; size > 0;)
        {
            try
            {
                await file.WriteAsync(block.AsMemory(0, size), cancellation);
            }
            catch (IOException)
            {
                // What is left is less than this.
                size /= 2;
            }
        }
    }

    public void Free() => File.Delete(_filler);

    public async ValueTask DisposeAsync()
    {
        _holder.Kill();
        await _holder.Exit();
        _holder.Dispose();
    }
}
