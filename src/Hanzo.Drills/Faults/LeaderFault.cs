using System.Text.Json;

namespace Hanzo.Drills.Faults;

/// <summary>Something befalls the node that leads a shard when the time has come: it is killed, or cut from the other regions.</summary>
/// <param name="Shard">Counted from 0.</param>
/// <param name="What">Makes the fault, given the name of the node and its region.</param>
internal sealed record LeaderFault(string Kind, int Shard, Func<string, string, Fault> What) : Fault(Kind, [])
{
    private Fault? _befallen;

    public override bool NeedsWan => What("", "").NeedsWan;

    public override string Text => _befallen is null ? $"{Kind} of shard {Shard}" : $"{Kind} of shard {Shard}: {_befallen.Text}";

    public override async Task<string?> Begin(Scene scene, CancellationToken cancellation)
    {
        if (await Leader(scene, cancellation) is not { } leader)
            return $"no node says who leads shard {Shard}";
        _befallen = What(leader, scene.World.Plan.Nodes.Single(node => node.Name == leader).Region);
        return await _befallen.Begin(scene, cancellation);
    }

    public override Task<string?> End(Scene scene, CancellationToken cancellation) =>
        _befallen?.End(scene, cancellation) ?? Task.FromResult<string?>(null);

    private async Task<string?> Leader(Scene scene, CancellationToken cancellation)
    {
        foreach (var node in scene.World.Plan.Nodes)
        {
            try
            {
                using var cluster = JsonDocument.Parse(await scene.Client.GetStringAsync($"{node.Url}/cluster", cancellation));
                var shard = cluster.RootElement.GetProperty("shards").EnumerateArray().FirstOrDefault(one => one.GetProperty("shard").GetInt32() == Shard);
                if (shard.ValueKind == JsonValueKind.Object && shard.GetProperty("leader").GetString() is { } leader)
                    return leader;
            }
            catch (Exception away) when (away is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                continue;
            }
        }
        return null;
    }
}
