using Hanzo.Testing;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>Answers of many reads: several at once arrive whole and unmixed, however they are framed and whatever version the client speaks.</summary>
public sealed class LargeAnswerTests(EdgeBeforeRawEndpoint world) : IClassFixture<EdgeBeforeRawEndpoint>
{
    private const int Size = 700_001;

    [Theory]
    [InlineData("1.1", "length")]
    [InlineData("1.1", "chunks")]
    [InlineData("1.1", "close")]
    [InlineData("2.0", "length")]
    [InlineData("2.0", "chunks")]
    [InlineData("2.0", "close")]
    public async Task Large_answers_arrive_whole(string version, string framing)
    {
        world.Endpoint.Answer = async request =>
        {
            var content = Content(request.Path);
            await request.SendAsync($"HTTP/1.1 200 OK\r\n{framing switch
            {
                "length" => $"Content-Length: {Size}\r\n\r\n{content}",
                "chunks" => $"Transfer-Encoding: chunked\r\n\r\n{string.Concat(content.Chunk(50_000).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n"))}0\r\n\r\n",
                _ => $"Connection: close\r\n\r\n{content}",
            }}");
            if (framing == "close") request.Close();
        };

        async Task Ask(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var response = await world.Edge.Client.SendAsync(request).WaitAsync(Eventually.Patience);
            Assert.Equal(Content(path), await response.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience));
        }
        await Task.WhenAll(Enumerable.Range(0, 8).Select(at => Ask($"/{at}")));
    }

    // Another one for each path, and none that looks the same at another offset.
    private static string Content(string path) =>
        string.Create(Size, path, static (content, path) =>
        {
            for (var i = 0; i < content.Length; i++) content[i] = (char)('!' + (i * 7 + i / 94 * 3 + path[1]) % 94);
        });
}
