using System.Net;
using System.Net.Sockets;

namespace Hanzo.Drills.Worlds;

/// <summary>Looks before anything starts: a taken port is one clear line instead of a program that dies.</summary>
internal static class FreePorts
{
    /// <summary>A line for every port of the plan that another program has.</summary>
    public static IReadOnlyList<string> Taken(WorldPlan plan) =>
        [.. plan.Ports.Where(needed => IsTaken(needed.Address, needed.Port)).Select(needed => $"port {needed.Port} is taken, and {needed.Owner} needs it")];

    private static bool IsTaken(string address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            socket.Listen();
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return true;
        }
    }
}
