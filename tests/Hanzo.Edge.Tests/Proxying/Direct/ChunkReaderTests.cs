using System.Text;
using CsCheck;
using Hanzo.Edge.Proxying.Direct;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>Chunked content, whole, in pieces and spoiled. What it looks like from outside is told by <see cref="HostileEndpointTests"/>.</summary>
public sealed class ChunkReaderTests
{
    private static readonly Gen<string> Content = Gen.Char['a', 'z'].Array[0, 40].Select(letters => new string(letters));

    private static readonly Gen<string> Extension = Gen.Int[0, 3].Select(which => which switch { 0 => ";a", 1 => " ; a=\"b\"", _ => "" });

    // The content and how it is written.
    private static readonly Gen<(string Content, string Written)> Chunked =
        from parts in Content.Array[0, 6]
        from extension in Extension
        from trailers in Gen.Int[0, 3]
        select (string.Concat(parts), string.Concat(parts.Where(part => part.Length > 0).Select(part => $"{part.Length:x}{extension}\r\n{part}\r\n")) + $"0{extension}\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", trailers))}\r\n");

    private static readonly Gen<string> Spoiled =
        Chunked.Select(chunked => chunked.Written).Spoiled("\r", "\n", "\r\n", "\0", " ", ";", "0", "f", "g", "", "-");

    [Fact]
    public void Content_is_read_back_and_nothing_behind_it() =>
        Gen.Select(Chunked, Content).Sample(
            both => Read(both.Item1.Written + both.Item2, int.MaxValue) == (ChunkVerdict.End, both.Item1.Content, both.Item1.Written.Length),
            seed: "0000KZ4vgQX4", iter: 20_000);

    [Fact]
    public void Content_that_is_cut_anywhere_waits_for_the_rest() =>
        Chunked.Sample(
            chunked => Enumerable.Range(0, chunked.Written.Length).All(length => Read(chunked.Written[..length], int.MaxValue).Verdict == ChunkVerdict.Incomplete),
            seed: "0000KZ4vgQX4", iter: 2_000);

    [Fact]
    public void Pieces_of_any_size_read_as_the_whole_does() =>
        Gen.Select(Spoiled, Gen.Int[1, 20]).Sample(
            both =>
            {
                var whole = Read(both.Item1, int.MaxValue);
                var pieces = Read(both.Item1, both.Item2);
                return whole.Verdict == pieces.Verdict && whole.Content == pieces.Content && (whole.Verdict != ChunkVerdict.End || whole.Consumed == pieces.Consumed);
            },
            seed: "0000KZ4vgQX4", iter: 50_000);

    // Whatever arrives: receives "size" bytes at a time behind what is left, as a connection does.
    private static (ChunkVerdict Verdict, string Content, int Consumed) Read(string text, int size)
    {
        var (reader, content, start, end) = (new ChunkReader(), new StringBuilder(), 0, 0);
        var bytes = Encoding.Latin1.GetBytes(text);
        while (true)
        {
            var verdict = reader.Read(bytes.AsSpan(start..end), out var consumed, out var found);
            start += consumed;
            if (verdict == ChunkVerdict.Content) content.Append(Encoding.Latin1.GetString(found));
            if (verdict is ChunkVerdict.Content or ChunkVerdict.Trailer) continue;
            if (verdict != ChunkVerdict.Incomplete || end == bytes.Length) return (verdict, content.ToString(), start);
            end += Math.Min(size, bytes.Length - end);
        }
    }
}
