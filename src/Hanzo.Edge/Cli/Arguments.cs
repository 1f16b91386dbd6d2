using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Hanzo.Edge.Explaining;

namespace Hanzo.Edge.Cli;

/// <summary>What several commands take, read the same way.</summary>
internal static class Arguments
{
    /// <summary>The admin address of the running edge.</summary>
    public static Option<Uri> Admin() => new("--admin")
    {
        Description = "The admin address of the running edge.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8081"),
        CustomParser = HttpUrl,
    };

    /// <summary>An IPv4 or IPv6 address.</summary>
    public static IPAddress? Address(ArgumentResult result)
    {
        if (IPAddress.TryParse(result.Tokens[0].Value, out var address)) return address;
        result.AddError($"'{result.Tokens[0].Value}' is not an IPv4 or IPv6 address.");
        return null;
    }

    /// <summary>A network, or an address as a network of one.</summary>
    public static IPNetwork? Network(ArgumentResult result)
    {
        if (DnsQuestion.TryParseNetwork(result.Tokens[0].Value, out var network)) return network;
        result.AddError($"'{result.Tokens[0].Value}' is not a network such as 203.0.113.0/24 or 2001:db8::/48.");
        return null;
    }

    /// <summary>A moment; without an offset in UTC, as the edge's log and receipts say it.</summary>
    public static DateTimeOffset? Time(ArgumentResult result)
    {
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        result.AddError($"'{result.Tokens[0].Value}' is no time, such as 2026-11-24T03:04:05Z.");
        return null;
    }

    private static Uri? HttpUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        result.AddError($"'{result.Tokens[0].Value}' is not an http:// or https:// URL.");
        return null;
    }
}
