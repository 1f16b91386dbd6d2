using System.Text.Json.Serialization;
using Hanzo.Commerce.Node.Machine;

namespace Hanzo.Commerce.Node.Webhooks;

/// <summary>One message on its way to one endpoint. It stands in the log from the entry that it tells of until it is delivered or given up.</summary>
/// <param name="MessageId">The same in every attempt: hearers recognize repetitions by it.</param>
/// <param name="Number">Orders the messages of a shard.</param>
/// <param name="Subject">What happened to whom, as it was then.</param>
/// <param name="Attempts">How many have failed.</param>
internal sealed record WebhookDelivery(
    string Merchant, string EndpointId, string ResourceId, long Number, string MessageId, string Type, DateTimeOffset At, Reply Subject, DateTimeOffset NextAt, int Attempts = 0)
{
    /// <summary>Waiting messages that one endpoint may have in one shard.</summary>
    public const int MaxWaiting = 10_000;

    /// <summary>How long after each failed attempt the next one follows; after the last of them it is given up. The schedule that Standard Webhooks 1.0.0 proposes.</summary>
    public static TimeSpan[] Pauses { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    [JsonIgnore]
    public string Key => $"{Lane}{Number:D19}";

    /// <summary>The messages about one resource to one endpoint; one at a time is sent, in order.</summary>
    [JsonIgnore]
    public string Lane => LaneOf(EndpointId, ResourceId);

    public static string LaneOf(string endpoint, string resource) => $"{endpoint}/{resource}/";
}
