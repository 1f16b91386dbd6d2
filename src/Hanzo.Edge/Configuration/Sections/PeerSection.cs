using System.Collections.Immutable;
using System.Net;
using Hanzo.Edge.Configuration.Shapes;
using Hanzo.Edge.Peering;

namespace Hanzo.Edge.Configuration.Sections;

/// <summary>`peers`: the other edges that look at the same regions.</summary>
internal static class PeerSection
{
    private const int ShortestKey = 16;

    private static readonly Section Keys = new();
    private static readonly Key<IPEndPoint> Listen = Keys.Required("listen", NetworkScalars.ListenAddress, "Where this edge hears the others; keep it private. Read at start: a change needs a restart.");
    private static readonly Key<string> Secret = Keys.Required("key", Scalars.Text($"a secret of {ShortestKey} characters or more", (scalar, _) => scalar.Text.Length >= ShortestKey ? scalar.Text : ("is too short", "as openssl rand -hex 32 prints it; ${file:/path} keeps it out of this file")), "The secret that all of them share, by which each report is signed.");
    private static readonly Key<TimeSpan> Exchange = Keys.Optional("exchange", Scalars.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)), TimeSpan.FromSeconds(1), "How often each tells the others what it sees; it counts once in the budget of DNS.");
    private static readonly Key<ImmutableArray<Entry<Uri>>> Members = Keys.Required("members", new MapShape<Uri>(Names.Free("edge"), NetworkScalars.EndpointAddress, atLeast: 1), "The others: the name of each edge and the address it listens on.");

    /// <summary>The section.</summary>
    public static Shape<PeerOptions> Shape { get; } = Keys.Builds(values => new PeerOptions
    {
        Listen = values.Get(Listen),
        Key = values.Get(Secret),
        Exchange = values.Get(Exchange),
        Members = values.Get(Members).ToImmutableDictionary(member => member.Name, member => member.Value),
    });
}
