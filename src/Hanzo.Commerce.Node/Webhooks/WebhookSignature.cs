using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>Signs messages as Standard Webhooks 1.0.0 says: HMAC-SHA256 over id, time and body, with dots between them.</summary>
internal static class WebhookSignature
{
    /// <param name="secret">In Base64.</param>
    /// <param name="at">Of the attempt, so that hearers can refuse what is old.</param>
    public static string Of(string secret, string messageId, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}.{at.ToUnixTimeSeconds()}."));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret), (byte[])[.. head, .. body]))}";
    }
}
