using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Hanzo.Commerce.Node.Auth;

/// <summary>
/// Which key speaks for which merchant. Only hashes are kept: a key is 256 random bits, so a plain SHA-256 cannot be
/// reversed by guessing, and looking the hash up tells a timing nothing about the key.
/// </summary>
internal sealed partial class ApiKeys
{
    private readonly FrozenDictionary<string, string> _merchants;

    private ApiKeys(IEnumerable<KeyValuePair<string, string>> merchants) => _merchants = merchants.ToFrozenDictionary(StringComparer.Ordinal);

    public static ApiKeys None { get; } = new([]);

    /// <summary>One key of the merchant "demo", as it is: for trying things out.</summary>
    public static ApiKeys Development(string key) => new([KeyValuePair.Create(HashOf(key), "demo")]);

    /// <summary>Reads lines of a merchant and the SHA-256 of a key in hexadecimal; blank lines and # comments are skipped.</summary>
    /// <exception cref="FormatException">A line is neither; says which.</exception>
    public static ApiKeys Parse(IEnumerable<string> lines)
    {
        var merchants = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, number) in lines.Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (Line.Match(line) is not { Success: true } match)
                throw new FormatException($"line {number}: expected a merchant (lower-case letters, digits, hyphens) and the SHA-256 of a key in lower-case hexadecimal");
            if (!merchants.TryAdd(match.Groups["hash"].Value, match.Groups["merchant"].Value))
                throw new FormatException($"line {number}: this key stands in the file twice");
        }
        return new ApiKeys(merchants);
    }

    /// <summary>These keys and those of <paramref name="other"/>.</summary>
    public ApiKeys With(ApiKeys other) => new(_merchants.Concat(other._merchants).DistinctBy(pair => pair.Key));

    /// <summary>The merchant that a key speaks for, or null.</summary>
    public string? MerchantOf(string key) => _merchants.GetValueOrDefault(HashOf(key));

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    [GeneratedRegex(@"\A(?<merchant>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\s+(?<hash>[0-9a-f]{64})\z")]
    private static partial Regex Line { get; }
}
