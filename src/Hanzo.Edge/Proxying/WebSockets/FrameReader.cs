namespace Hanzo.Edge.Proxying.WebSockets;

/// <summary>
/// Follows the frames of one direction of a WebSocket (RFC 6455 §5.2) as they pass, in pieces of any size, without looking at
/// what is in them: whether one is under way, and whether the closing one went by.
/// </summary>
internal struct FrameReader
{
    private const int Close = 0x8;

    private int opcode;
    private int seen; // bytes of the frame's head
    private int needed; // bytes of the whole head, known from the second on
    private int lengthEnds; // where the extended length ends in the head
    private ulong length;
    private ulong left; // bytes of the payload that are still to come

    /// <summary>Whether the last frame is complete, so that another may follow.</summary>
    public readonly bool IsBetweenFrames => seen == 0 && left == 0;

    /// <summary>Whether a close frame has passed, after which nothing may be sent.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (left > 0)
            {
                var payload = (int)Math.Min(left, (ulong)bytes.Length);
                left -= (ulong)payload;
                if (left == 0) HasClosed |= opcode == Close;
                bytes = bytes[payload..];
                continue;
            }
            TakeHead(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void TakeHead(byte next)
    {
        switch (seen++)
        {
            case 0:
                opcode = next & 0x0F;
                return;
            case 1:
                length = (ulong)(next & 0x7F);
                lengthEnds = 2 + (length == 127 ? 8 : length == 126 ? 2 : 0);
                needed = lengthEnds + ((next & 0x80) == 0 ? 0 : 4);
                if (lengthEnds > 2) length = 0;
                break;
            default:
                if (seen <= lengthEnds) length = (length << 8) | next;
                break;
        }
        if (seen < needed) return;
        (seen, left) = (0, length);
        if (left == 0) HasClosed |= opcode == Close;
    }
}
