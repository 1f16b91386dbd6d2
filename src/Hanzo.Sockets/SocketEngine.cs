using System.Globalization;

namespace Hanzo.Sockets;

/// <summary>
/// How the sockets of this process are served, by the runtime's engine and by <see cref="Loops.SocketLoop"/>s. Inline
/// completions let the thread that learns of a socket's readiness run what waits for it, instead of handing it to the thread
/// pool: the largest single saving of processor time on the path of a short request. The price is that nothing may block
/// there, which <see cref="SocketWatch"/> watches; what may leaves the thread first (<see cref="SocketThread"/>).
/// </summary>
public static class SocketEngine
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Sets what the operator has not set. The runtime reads both once, when the first socket is made, so this comes before anything else.</summary>
    public static void Prepare()
    {
        Default(InlineCompletions, "1");
        Default(ThreadCount, Threads.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether who waited for a socket goes on on the thread that learns of it, which is so unless the operator says otherwise.</summary>
    public static bool IsInline { get; } = Environment.GetEnvironmentVariable(InlineCompletions) != "0";

    /// <summary>How many threads serve sockets: one for every two processors, or what the operator says.</summary>
    public static int Threads => int.TryParse(Environment.GetEnvironmentVariable(ThreadCount), out var count) && count > 0 ? count : Math.Max(1, Environment.ProcessorCount / 2);

    private static void Default(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            Environment.SetEnvironmentVariable(name, value);
    }
}
