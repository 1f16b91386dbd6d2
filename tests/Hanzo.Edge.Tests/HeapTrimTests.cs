using System.Globalization;
using System.Runtime.InteropServices;

namespace Hanzo.Edge.Tests;

public sealed class HeapTrimTests
{
    [Fact]
    public void What_was_freed_between_things_in_use_goes_back_to_the_system()
    {
        // Blocks that the C library takes from its heap, and the last of them in use: without asking it would keep all of them.
        const int Size = 64 * 1024;
        var content = new byte[Size];
        Array.Fill(content, (byte)1);
        var blocks = new nint[1024];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = Marshal.AllocHGlobal(Size);
            Marshal.Copy(content, 0, blocks[i], Size);
        }

        foreach (var block in blocks[..^1]) Marshal.FreeHGlobal(block);
        var before = Resident();
        Assert.True(HeapTrim.TryTrim());
        Assert.InRange(before - Resident(), blocks.Length * (long)Size / 2, long.MaxValue);
        Marshal.FreeHGlobal(blocks[^1]);
    }

    private static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
