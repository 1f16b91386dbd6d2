using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hanzo.Commerce.Node.Tests.Webhooks;

/// <summary>What a hearer does, from the words of Standard Webhooks 1.0.0 alone; nothing of it is shared with the sender.</summary>
internal static class WebhookVerifier
{
    private const long ToleranceSeconds = 300;

    public static bool Accepts(string secret, Dictionary<string, string> headers, string body, long now)
    {
        if (!secret.StartsWith("whsec_", StringComparison.Ordinal) || !headers.TryGetValue("webhook-id", out var id)
            || !headers.TryGetValue("webhook-timestamp", out var stamp) || !headers.TryGetValue("webhook-signature", out var signatures)
            || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || Math.Abs(now - at) > ToleranceSeconds)
            return false;
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret["whsec_".Length..]));
        foreach (var part in new[] { id, ".", stamp, ".", body })
            hmac.AppendData(Encoding.UTF8.GetBytes(part));
        var expected = hmac.GetHashAndReset();
        return signatures.Split(' ').Any(one => one.Split(',') is ["v1", var text] && CryptographicOperations.FixedTimeEquals(expected, Convert.FromBase64String(text)));
    }
}
