using System.Text;
using CsCheck;

namespace Hanzo.Edge.Tests.Configuration;

/// <summary>Whatever becomes of a file, reading it ends in a configuration or in errors, never in an exception.</summary>
public sealed class MutationTests
{
    private static readonly string[] Fragments =
    [
        "\t", "\n", "  ", ":", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a", "!!int ", "? ", "| ", ">\n", "%", "@", "`", "---\n", "...\n", "<<: ",
        "${", "${env:X}", "${file:/}", "$${", "null", "~", "yes", "0x1F", "1e999", "-1", "99999999999999999999", "\u0000", "\uFEFF", "é", "🌍", "\r", ", ",
    ];

    private static readonly Gen<(int Kind, double At, double Length, byte Byte, string Fragment)> Mutation =
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte, Gen.OneOf([.. Fragments.Select(Gen.Const)]));

    [Theory]
    [InlineData("config/edge.yaml")]
    [InlineData("tests/Hanzo.Edge.Tests/Configuration/everything.yaml")]
    public void No_mutation_of_a_good_file_throws(string file)
    {
        var good = File.ReadAllBytes(Path.Combine(Read.Root, file));
        var reader = Read.With(("X", "value"));
        Mutation.Array[1, 6].Sample(
            mutations =>
            {
                var result = reader.Read(mutations.Aggregate(good, Mutate), Path.Combine(Read.Root, file));
                return (result.Configuration is null) == result.Errors.Any()
                    && result.Problems.All(problem => problem.At is { Line: > 0, Column: > 0 });
            },
            iter: Iterations);
    }

    private static long Iterations { get; } = long.Parse(Environment.GetEnvironmentVariable("HANZO_MUTATIONS") ?? "1500");

    private static byte[] Mutate(byte[] bytes, (int Kind, double At, double Length, byte Byte, string Fragment) mutation)
    {
        var at = (int)(mutation.At * bytes.Length);
        var end = Math.Min(bytes.Length, at + 1 + (int)(mutation.Length * mutation.Length * 80));
        return mutation.Kind switch
        {
            0 => [.. bytes[..at], .. Encoding.UTF8.GetBytes(mutation.Fragment), .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes[end..]],
            2 => [.. bytes[..at], mutation.Byte, .. bytes[Math.Min(at + 1, bytes.Length)..]],
            3 => bytes[..at],
            4 => [.. bytes[..end], .. bytes[at..]],
            _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes(mutation.Fragment), .. bytes[end..]],
        };
    }
}
