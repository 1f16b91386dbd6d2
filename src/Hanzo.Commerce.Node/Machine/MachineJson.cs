using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hanzo.Commerce.Node.Machine;

/// <summary>
/// How most kinds of entries, answers and rows are written: JSON, because a member can be added without a reader of old ones
/// noticing. The few kinds of which there are many have codecs (<see cref="EntryCodec"/>, <see cref="SnapshotCodec"/>).
/// </summary>
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(Result))]
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Reply))]
[JsonSerializable(typeof(SnapshotRow))]
internal sealed partial class MachineJson : JsonSerializerContext
{
    public static MachineJson Context { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // An entry that says more than this program knows comes from a newer one: to skip part of it would make replicas differ.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
