using Hanzo.Edge.Dns.Wire;

namespace Hanzo.Edge.Dns.Tests.Wire;

public sealed class SipHashTests
{
    [Fact]
    public void The_vector_of_its_paper_comes_out()
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        byte[] data = [.. Enumerable.Range(0, 15).Select(i => (byte)i)];
        Assert.Equal(0xa129ca6149be45e5, SipHash.Compute(key, data));
    }
}
