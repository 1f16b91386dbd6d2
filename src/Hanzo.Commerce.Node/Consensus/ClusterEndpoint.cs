using System.Text.Json;
using Hanzo.Commerce.Node.Consensus.Groups;
using Hanzo.Commerce.Node.Consensus.Raft;

namespace Hanzo.Commerce.Node.Consensus;

/// <summary>/cluster: how each shard stands, as this node sees it.</summary>
internal sealed class ClusterEndpoint(Replicas replicas, ConsensusOptions options)
{
    private static readonly string[] Reading = ["GET", "HEAD"];

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/cluster", Reading, (RequestDelegate)Answer);

    private async Task Answer(HttpContext context)
    {
        var shards = await Task.WhenAll(replicas.Groups.Select(group => group.Status()));
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
            Write(writer, shards);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(json.GetBuffer().AsMemory(0, (int)json.Length), context.RequestAborted);
    }

    private void Write(Utf8JsonWriter writer, GroupStatus[] shards)
    {
        writer.WriteStartObject();
        writer.WriteString("cluster", options.Cluster);
        writer.WriteString("node", options.Name);
        writer.WriteString("region", options.Region);
        writer.WriteString("id", replicas.Identity.Id);
        writer.WriteStartArray("shards");
        foreach (var shard in shards)
            Write(writer, shard);
        writer.WriteEndArray();
        writer.WriteStartObject("disk");
        writer.WriteNumber("free_bytes", new DriveInfo(Path.GetFullPath(options.Directory)).AvailableFreeSpace);
        writer.WriteNumber("log_bytes", shards.Sum(shard => shard.LogBytes));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, GroupStatus shard)
    {
        writer.WriteStartObject();
        writer.WriteNumber("shard", shard.Shard);
        writer.WriteString("role", shard.Role);
        writer.WriteNumber("term", shard.Term);
        writer.WriteString("leader", shard.Leader is null ? null : Member.NameOf(shard.Leader));
        writer.WriteString("preferred", shard.Preferred);
        writer.WriteNumber("commit", shard.Commit);
        writer.WriteNumber("applied", shard.Applied);
        writer.WriteNumber("first", shard.First);
        writer.WriteNumber("last", shard.Last);
        writer.WriteNumber("snapshot", shard.Snapshot);
        writer.WriteNumber("log_bytes", shard.LogBytes);
        writer.WriteNumber("silence_seconds", Math.Round(Math.Min(shard.Silence.TotalSeconds, 1e9), 3));
        writer.WriteStartArray("members");
        foreach (var member in shard.Members)
            Write(writer, shard, member);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, GroupStatus shard, MemberStatus member)
    {
        writer.WriteStartObject();
        writer.WriteString("name", member.Member.Name);
        writer.WriteString("id", member.Member.Id);
        writer.WriteBoolean("voter", member.Member.IsVoter);
        if (member is { Match: { } match, IsActive: { } isActive })
        {
            writer.WriteNumber("match", match);
            writer.WriteNumber("lag", Math.Max(0, shard.Last - match));
            writer.WriteBoolean("active", isActive);
        }
        writer.WriteEndObject();
    }
}
