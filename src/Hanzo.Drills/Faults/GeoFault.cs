namespace Hanzo.Drills.Faults;

/// <summary>The location database gets another version: a whole one with a newer build date, or a broken one.</summary>
internal sealed record GeoFault(bool Broken) : Fault("geo", [])
{
    /// <summary>Opens the metadata at the end of the file (MaxMind DB file format 2.0, "Database Metadata").</summary>
    private static readonly byte[] MetadataMark = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private static readonly byte[] BuildEpoch = [.. "build_epoch"u8];

    /// <summary>How much of a broken file is left: enough to hold a tree, no metadata.</summary>
    private const double BrokenShare = 0.6;

    private const ulong SecondsNewer = 3600;

    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        var bytes = await File.ReadAllBytesAsync(scene.Database, cancellation);
        if (!Broken && !MakeNewer(bytes))
            return $"{scene.Database} has no build date to change";
        var other = $"{scene.Database}.{(Broken ? "broken" : "newer")}";
        await File.WriteAllBytesAsync(other, Broken ? bytes[..(int)(bytes.Length * BrokenShare)] : bytes, cancellation);
        Turn(scene.Database, other);
        return null;
    }

    /// <summary>Brings the shipped database back.</summary>
    public override Task<string?> End(Scene scene, CancellationToken cancellation)
    {
        Turn(scene.Database, scene.Database + ".shipped");
        return Task.FromResult<string?>(null);
    }

    public override string Text => Broken ? "geo database broken" : "geo database swapped";

    /// <summary>Makes the file at <paramref name="path"/> a link to <paramref name="target"/>, whole at every moment.</summary>
    public static void Turn(string path, string target)
    {
        File.Delete(path + ".new");
        File.CreateSymbolicLink(path + ".new", target);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Sets the build date an hour on, in place: the number stands right after its key.</summary>
    private static bool MakeNewer(byte[] bytes)
    {
        var metadata = bytes.AsSpan().LastIndexOf(MetadataMark);
        var key = metadata < 0 ? -1 : bytes.AsSpan(metadata).IndexOf(BuildEpoch);
        if (key < 0)
            return false;
        // An unsigned 64-bit number is an extended type: five bits of length, then a byte that says which.
        var control = metadata + key + BuildEpoch.Length;
        var length = bytes[control] & 0x1F;
        var number = bytes.AsSpan(control + 2, length);
        var value = 0UL;
        foreach (var digit in number)
            value = (value << 8) | digit;
        value += SecondsNewer;
        for (var i = length - 1; i >= 0; i--, value >>= 8)
            number[i] = (byte)value;
        return length > 0;
    }
}
