namespace Hanzo.Edge.Tests.Configuration;

/// <summary>Compares text with a file that is kept beside the code; HANZO_REFRESH=1 writes it anew.</summary>
internal static class Kept
{
    private static readonly bool Refresh = Environment.GetEnvironmentVariable("HANZO_REFRESH") == "1";

    /// <summary>The text of a kept file.</summary>
    public static string Text(string path) => File.ReadAllText(Path.Combine(Read.Root, path));

    /// <summary>Asserts that the file at <paramref name="path"/>, from the repository's root, holds <paramref name="text"/>.</summary>
    public static void Holds(string path, string text)
    {
        var file = Path.Combine(Read.Root, path);
        if (Refresh)
            File.WriteAllText(file, text);
        Assert.True(File.Exists(file), $"{path} is missing; HANZO_REFRESH=1 writes it.");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
