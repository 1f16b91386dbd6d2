using System.Collections.Concurrent;

namespace Hanzo.Edge.Proxying.Plain;

/// <summary>
/// Which routes the requests of this moment took, so that those of the next, which ask for the same, need not ask the matcher. All is
/// forgotten four times a second: a route that is gone is taken so much longer at most.
/// </summary>
internal sealed class RouteMemory(TimeProvider time)
{
    /// <summary>How long a route is remembered at most.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMilliseconds(250);

    // Of more different requests in that time, and of longer ones, the matcher is asked.
    private const int Most = 4096;
    private const int MostLength = 256;

    private Moment now = new(0);

    /// <summary>Finds the route of <paramref name="request"/>, which may be none.</summary>
    public bool TryFind(PlainRequest request, out Endpoint? route)
    {
        route = null;
        var moment = Volatile.Read(ref now);
        return time.GetElapsedTime(moment.Began) < Lasts && moment.Routes.TryGetValue(Key(request), out route);
    }

    /// <summary>Remembers the route of <paramref name="request"/>.</summary>
    public void Keep(PlainRequest request, Endpoint? route)
    {
        if (request.Host.Length + request.Path.Length + request.Query.Length > MostLength) return;
        var moment = Volatile.Read(ref now);
        if (time.GetElapsedTime(moment.Began) >= Lasts) Volatile.Write(ref now, moment = new(time.GetTimestamp()));
        if (Volatile.Read(ref moment.Count) >= Most) return;
        if (moment.Routes.TryAdd(Key(request), route)) Interlocked.Increment(ref moment.Count);
    }

    private static (string Host, string Path, string Query) Key(PlainRequest request) => (request.Host, request.Path, request.Query);

    private sealed class Moment(long began)
    {
        public readonly ConcurrentDictionary<(string Host, string Path, string Query), Endpoint?> Routes = new();

        public int Count;

        public long Began => began;
    }
}
