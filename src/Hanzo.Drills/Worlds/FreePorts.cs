using System.Net;
using System.Net.Sockets;

namespace Hanzo.Drills.Worlds;

/// <summary>Looks before anything starts: a taken port is one clear line instead of a program that dies.</summary>
internal static class FreePorts
{
    /// <summary>How many ports one world may need, one after another.</summary>
    public const int BlockSize = 60;

    /// <summary>A line for every port of the plan that another program has.</summary>
    public static IReadOnlyList<string> Taken(WorldPlan plan) =>
        [.. plan.Ports.Where(needed => needed.Address.StartsWith("127.", StringComparison.Ordinal) && IsTaken(needed)).Select(needed => $"port {needed.Port} is taken, and {needed.Owner} needs it")];

    /// <summary>A plan whose ports are all free now. They lie below those that the system gives away.</summary>
    /// <param name="planAt">The plan from a first port on.</param>
    public static WorldPlan Find(Func<int, WorldPlan> planAt)
    {
        const int First = 12_000;
        const int Blocks = 120;
        // Drills that start at the same time look at different ports first.
        var start = Environment.ProcessId % Blocks;
        return Enumerable.Range(0, Blocks)
            .Select(i => planAt(First + (start + i) % Blocks * BlockSize))
            .First(plan => Taken(plan).Count == 0);
    }

    private static bool IsTaken(NeededPort needed)
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var endpoint = new IPEndPoint(IPAddress.Parse(needed.Address), needed.Port);
        try
        {
            tcp.Bind(endpoint);
            tcp.Listen();
            if (needed.AlsoUdp)
                udp.Bind(endpoint);
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return true;
        }
    }
}
