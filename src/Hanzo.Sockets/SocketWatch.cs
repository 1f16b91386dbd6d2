using System.Net;
using System.Net.Sockets;
using Hanzo.Sockets.Loops;
using Microsoft.Extensions.Hosting;

namespace Hanzo.Sockets;

/// <summary>
/// Finds out whether anything blocks the threads that sockets are served by, which run the request path themselves (see
/// <see cref="SocketEngine"/>). At every beat a socket sends one byte to itself and measures how long it takes until the
/// thread that serves it comes to it: what keeps requests waiting keeps this byte waiting. The runtime gives each new socket
/// to the next of its threads, so a socket a beat looks at all of them in turn.
/// </summary>
/// <param name="beat">Makes a beat: <see cref="BeatAsync"/> or <see cref="BeatLoopAsync"/>.</param>
/// <param name="served">Told of each beat how long the byte lay there.</param>
/// <param name="time">What beats are measured by.</param>
public sealed class SocketWatch(Func<TimeProvider, CancellationToken, ValueTask<TimeSpan>> beat, Action<TimeSpan> served, TimeProvider time) : BackgroundService
{
    /// <summary>From one beat to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // A beat that takes longer counts as that.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>One beat of a thread of the runtime's.</summary>
    /// <returns>How long the byte lay there.</returns>
    public static async ValueTask<TimeSpan> BeatAsync(TimeProvider time, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.ConnectAsync(socket.LocalEndPoint!, cancellation);
        var receiving = socket.ReceiveAsync(new byte[1].AsMemory(), SocketFlags.None, cancellation).AsTask();
        var sent = time.GetTimestamp();
        socket.Send([1]);
        await Task.WhenAny(receiving, Task.Delay(Longest, time, cancellation));
        return time.GetElapsedTime(sent);
    }

    /// <summary>One beat of a <see cref="SocketLoop"/>.</summary>
    /// <returns>How long it took until the thread came to it.</returns>
    public static async ValueTask<TimeSpan> BeatLoopAsync(TimeProvider time, CancellationToken cancellation)
    {
        var sent = time.GetTimestamp();
        await Task.WhenAny(SocketLoop.Next().WakeAsync(), Task.Delay(Longest, time, cancellation));
        return time.GetElapsedTime(sent);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beats = new PeriodicTimer(Interval, time);
        try
        {
            while (await beats.WaitForNextTickAsync(stoppingToken)) await MeasureAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the program stops
        }
    }

    private async Task MeasureAsync(CancellationToken cancellation)
    {
        try
        {
            served(await beat(time, cancellation));
        }
        catch (SocketException) when (!cancellation.IsCancellationRequested)
        {
            // No socket is to be had, so there is nothing to measure; who is refused one is told elsewhere.
        }
    }
}
