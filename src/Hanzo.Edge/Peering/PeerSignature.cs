using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Edge.Peering;

/// <summary>
/// Signs what edges tell each other: HMAC-SHA-256 (RFC 2104) with the shared key over a fixed first line, the sender, the
/// time and the body. Authentic, not secret: what edges see of regions is no secret, and https is there for who thinks it is.
/// </summary>
/// <param name="key">The shared key.</param>
internal sealed class PeerSignature(byte[] key)
{
    public const string EdgeHeader = "Hanzo-Peer";
    public const string TimeHeader = "Hanzo-Peer-Time";
    public const string SignatureHeader = "Hanzo-Peer-Signature";

    /// <summary>The signature in hex.</summary>
    /// <param name="edge">The sender's name.</param>
    /// <param name="micros">When it was sent, in microseconds since 1970.</param>
    /// <param name="body">What is sent.</param>
    public string Of(string edge, long micros, ReadOnlySpan<byte> body) => Convert.ToHexStringLower(Compute(edge, micros, body));

    /// <summary>Whether <paramref name="signature"/> is the one; takes the same time for every wrong one.</summary>
    public bool Is(string signature, string edge, long micros, ReadOnlySpan<byte> body)
    {
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return signature.Length == 2 * claimed.Length
            && Convert.FromHexString(signature, claimed, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(claimed, Compute(edge, micros, body));
    }

    private byte[] Compute(string edge, long micros, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"hanzo-edge peer report 1\n{edge}\n{micros}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
