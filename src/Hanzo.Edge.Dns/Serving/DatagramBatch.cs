using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Hanzo.Edge.Steering;

namespace Hanzo.Edge.Dns.Serving;

/// <summary>
/// The memory of one thread's batch: packets in, packets out, addresses and control data, all in place for the system calls and
/// never moved. A reply goes out with the address and the control data its query came in with; on a socket bound to a wildcard
/// the control data names the local address asked, so the reply comes from there.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Datagrams a batch at most.</summary>
    public const int Size = 64;

    private const int RequestSize = 2048;
    private const int ResponseSize = 4096;
    private const int NameSize = 28;
    private const int ControlSize = 64;
    private const int ControlHead = 16;

    private readonly byte* memory;
    private readonly LinuxDatagrams.Message* requests;
    private readonly LinuxDatagrams.Message* responses;
    private readonly LinuxDatagrams.Buffer* buffers;
    private readonly bool hasControl;

    /// <summary>Lays the batch out.</summary>
    /// <param name="hasControl">Whether datagrams come with the local address they were sent to.</param>
    public DatagramBatch(bool hasControl)
    {
        this.hasControl = hasControl;
        const int packet = RequestSize + ResponseSize + NameSize + 4 + ControlSize;
        memory = (byte*)NativeMemory.AlignedAlloc(Size * packet, 64);
        requests = (LinuxDatagrams.Message*)NativeMemory.AllocZeroed(2 * Size, (nuint)sizeof(LinuxDatagrams.Message));
        responses = requests + Size;
        buffers = (LinuxDatagrams.Buffer*)NativeMemory.AllocZeroed(2 * Size, (nuint)sizeof(LinuxDatagrams.Buffer));
        for (var i = 0; i < Size; i++)
        {
            var at = memory + i * packet;
            buffers[i] = new() { Bytes = at, Length = RequestSize };
            buffers[Size + i] = new() { Bytes = at + RequestSize };
            requests[i] = new() { Name = at + RequestSize + ResponseSize, Buffers = buffers + i, BufferCount = 1 };
            if (hasControl) requests[i].Control = at + RequestSize + ResponseSize + NameSize + 4;
            responses[i] = new() { BufferCount = 1 };
        }
    }

    /// <summary>Responses put in so far.</summary>
    public int Responses { get; private set; }

    /// <summary>Waits for at least one datagram, or takes what is there.</summary>
    /// <returns>Datagrams received, or -1 with the error set.</returns>
    public int Receive(int socket, int flags)
    {
        Responses = 0;
        for (var i = 0; i < Size; i++)
        {
            requests[i].NameLength = NameSize;
            requests[i].ControlLength = hasControl ? ControlSize : (nuint)0;
        }

        return LinuxDatagrams.Receive(socket, requests, Size, flags, null);
    }

    /// <summary>A datagram received.</summary>
    public ReadOnlySpan<byte> Request(int i) => new(buffers[i].Bytes, (int)requests[i].Length);

    /// <summary>Room for its response.</summary>
    public Span<byte> Room(int i) => new(buffers[Size + i].Bytes, ResponseSize);

    /// <summary>Who sent it.</summary>
    public ClientKey Sender(int i)
    {
        var name = requests[i].Name;
        return *(ushort*)name == LinuxDatagrams.FamilyIPv4
            ? ClientKey.Of(BinaryPrimitives.ReadUInt32BigEndian(new ReadOnlySpan<byte>(name + 4, 4)))
            : new(BinaryPrimitives.ReadUInt128BigEndian(new ReadOnlySpan<byte>(name + 8, 16)));
    }

    /// <summary>Puts the response to a datagram in, back to where it came from.</summary>
    public void Respond(int i, int length)
    {
        buffers[Size + i].Length = (nuint)length;
        ref var response = ref responses[Responses++];
        response.Name = requests[i].Name;
        response.NameLength = requests[i].NameLength;
        response.Buffers = buffers + Size + i;
        response.Control = requests[i].Control;
        response.ControlLength = hasControl ? requests[i].ControlLength : 0;
        if (response.ControlLength >= ControlHead) ForgetInterface(response.Control);
    }

    /// <summary>Sends the responses.</summary>
    /// <returns>How many the system did not take.</returns>
    public int Send(int socket)
    {
        var failed = 0;
        for (var sent = 0; sent < Responses;)
        {
            var count = LinuxDatagrams.Send(socket, responses + sent, (uint)(Responses - sent), 0);
            if (count > 0) sent += count;
            else if (Marshal.GetLastPInvokeError() != LinuxDatagrams.InterruptedError)
            {
                // The first one of the rest was refused (no route, full buffer): it is lost as any datagram may be, the others go on.
                failed++;
                sent++;
            }
        }

        return failed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        NativeMemory.Free(requests);
        NativeMemory.Free(buffers);
    }

    // The route decides the interface, as for any other packet; only a link-local source needs the one it came by.
    private static void ForgetInterface(byte* control)
    {
        var data = control + ControlHead;
        if (*(int*)(control + 8) == LinuxDatagrams.IPv4Level) *(int*)data = 0;
        else if (!(data[0] == 0xFE && (data[1] & 0xC0) == 0x80)) *(int*)(data + 16) = 0;
    }
}
