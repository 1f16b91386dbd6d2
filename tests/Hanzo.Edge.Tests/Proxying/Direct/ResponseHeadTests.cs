using System.Text;
using CsCheck;
using Hanzo.Edge.Proxying.Direct;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>Heads good and spoiled. What they look like from outside is told by <see cref="HostileEndpointTests"/>.</summary>
public sealed class ResponseHeadTests
{
    private static readonly Gen<string> Lines = Spoiling.OneOf(
        "Content-Length: 5", "Content-Length: 0", "content-length:  7 ", "Content-Length: 5, 5", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip",
        "Connection: close", "Connection: keep-alive", "Connection: x, Y", "Set-Cookie: a=b", "X: ", "X-Long: " + new string('v', 300), "Date: today", "Via: 1.1 other");

    private static readonly Gen<string> Heads =
        from status in Spoiling.OneOf("HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 404", "HTTP/1.1 100 Continue", "HTTP/1.1 503 Bad  day")
        from lines in Lines.Array[0, 8]
        select string.Concat(lines.Prepend(status).Select(line => line + "\r\n")) + "\r\n";

    private static readonly Gen<string> Spoiled =
        Heads.Spoiled("\r", "\n", "\r\n", "\0", " ", ":", "\t", "\u007f", "\u00e9", "", ",", "9");

    [Fact]
    public void A_head_that_is_cut_anywhere_waits_for_the_rest() =>
        Heads.Sample(
            head => Enumerable.Range(0, head.Length).All(length => Read(new ResponseHead(), head[..length]).Verdict == HeadVerdict.Incomplete)
                && Read(new ResponseHead(), head).Verdict != HeadVerdict.Incomplete,
            seed: "0000KZ4vgQX4", iter: 2_000);

    [Fact]
    public void What_follows_a_head_is_not_looked_at() =>
        Gen.Select(Spoiled, Spoiled).Sample(
            both =>
            {
                var alone = Read(new ResponseHead(), both.Item1);
                return alone.Verdict != HeadVerdict.Whole || Read(new ResponseHead(), both.Item1 + both.Item2) == alone;
            },
            seed: "0000KZ4vgQX4", iter: 20_000);

    [Fact]
    public void What_a_connection_remembers_of_one_head_never_shows_in_the_next()
    {
        Spoiled.Array[1, 12].Sample(
            heads =>
            {
                var used = new ResponseHead();
                return heads.All(head => Read(used, head) == Read(new ResponseHead(), head));
            },
            seed: "0000KZ4vgQX4", iter: 10_000);
    }

    [Fact]
    public void A_head_that_is_taken_reads_the_same_to_a_plain_reader() =>
        Spoiled.Sample(
            head =>
            {
                var read = Read(new ResponseHead(), head);
                return read.Verdict != HeadVerdict.Whole || read == Plain(head);
            },
            seed: "0000KZ4vgQX4", iter: 50_000);

    private static Reading Read(ResponseHead head, string text)
    {
        var verdict = head.Read(Encoding.Latin1.GetBytes(text), out var consumed);
        return verdict != HeadVerdict.Whole
            ? new Reading(verdict, 0, 0, "", -1, false, false)
            : new Reading(verdict, consumed, head.Status, string.Join('\n', head.Fields.ToArray().Select(field => $"{field.Name}={field.Value}")), head.Length, head.IsChunked, head.KeepsAlive);
    }

    // The rules of RFC 9112 once more, slowly.
    private static Reading Plain(string text)
    {
        var head = text[..(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var fields = lines[1..].Select(line => (Name: line.Split(':')[0], Value: line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' ', '\t'))).ToList();
        List<string> Of(string name) => [.. fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];
        var options = Of("Connection").SelectMany(value => value.Split(',')).Select(option => option.Trim().ToUpperInvariant()).ToList();
        var isChunked = Of("Transfer-Encoding").Count > 0;
        var hasLength = Of("Content-Length").Count > 0;
        var keeps = lines[0][7] == '1' ? !options.Contains("CLOSE") : options.Contains("KEEP-ALIVE") && !options.Contains("CLOSE");
        return new Reading(
            HeadVerdict.Whole, head.Length, int.Parse(lines[0][9..12]), string.Join('\n', fields.Select(field => $"{field.Name}={field.Value}")),
            hasLength && !isChunked ? Of("Content-Length").Select(long.Parse).Distinct().Single() : -1, isChunked, keeps && !(isChunked && hasLength));
    }

    private sealed record Reading(HeadVerdict Verdict, int Consumed, int Status, string Fields, long Length, bool IsChunked, bool KeepsAlive);
}
