using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Hanzo.Edge.Tests.Proxying;

/// <summary>Content that is sent word by word, when the test says.</summary>
internal sealed class HandFed : HttpContent
{
    private readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HandFed(string type) => Headers.ContentType = new MediaTypeHeaderValue(type);

    /// <summary>Sends one word now.</summary>
    public async Task Feed(string word)
    {
        var stream = await opened.Task;
        await stream.WriteAsync(Encoding.ASCII.GetBytes(word));
        await stream.FlushAsync();
    }

    /// <summary>Ends the content.</summary>
    public void End() => ended.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.FlushAsync();
        opened.TrySetResult(stream);
        await ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
