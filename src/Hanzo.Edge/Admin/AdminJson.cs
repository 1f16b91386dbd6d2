using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;

namespace Hanzo.Edge.Admin;

/// <summary>
/// How the admin side reads and writes JSON, made when the program is built: a native one cannot look at types while it runs.
/// Orders are read strictly (<see cref="Default"/>): what is missing, null or unknown is an error.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RegionEndpoints.OverrideBody))]
[JsonSerializable(typeof(RegionsReport))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class AdminJson : JsonSerializerContext
{
    /// <summary>For answers: in no page of HTML, and so with letters as they are.</summary>
    public static AdminJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
