using System.Net;
using System.Net.Sockets;

namespace Hanzo.Testing;

/// <summary>
/// Ports for processes that must be told theirs before they listen. A port that was free a moment ago may be taken a moment
/// later: by a connection going out, by a listener that asks for any, or by another test. So these lie below the range from
/// which the system gives ports away, and a locked file for each block of them keeps all other test processes out until
/// this one ends.
/// </summary>
public static class ReservedPorts
{
    private const int First = 20_000;
    private const int Blocks = 1_000;
    private const int BlockSize = 10;

    private static readonly string Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"hanzo-test-ports-{Environment.UserName}")).FullName;
    private static readonly List<FileStream> Held = [];

    /// <summary>The first of <paramref name="count"/> ports in a row (at most 10) that nobody else takes while this process runs.</summary>
    public static int Take(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BlockSize);
        lock (Held)
            for (var block = 0; block < Blocks; block++)
            {
                var first = First + block * BlockSize;
                if (!IsOurs(block)) continue;
                if (Enumerable.Range(first, count).All(IsFree)) return first;
            }
        throw new InvalidOperationException($"Every port from {First} to {First + Blocks * BlockSize - 1} is taken.");
    }

    private static bool IsOurs(int block)
    {
        try
        {
            Held.Add(new FileStream(Path.Combine(Folder, $"{block}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
