namespace Hanzo.Commerce.Crdt.Wire;

/// <summary>
/// States as bytes: the version of the format, the kind of the state, and numbered fields with their lengths. What a later
/// version adds is a further field; who does not know it keeps it and passes it on.
/// </summary>
public static class CrdtCodec
{
    /// <summary>The largest state that is read, in bytes, unless the caller says otherwise.</summary>
    public const int MaxSize = 1 << 20;

    private const byte Version = 1;

    /// <summary>The same state always encodes to the same bytes.</summary>
    public static byte[] Encode<T>(T state) where T : class, ICrdt<T>
    {
        var bytes = new WireWriter();
        Write(bytes, state);
        return bytes.ToArray();
    }

    /// <summary>The state that the bytes encode, or why they encode none. Whatever they are, it does not throw.</summary>
    public static Decoded<T> Decode<T>(ReadOnlySpan<byte> bytes, int maxSize = MaxSize) where T : class, ICrdt<T>
    {
        if (bytes.Length > maxSize)
            return new(null, DecodeProblem.Oversized);
        var reader = new WireReader(bytes.ToArray());
        var state = Read<T>(reader);
        reader.End();
        return reader.Problem == DecodeProblem.None ? new(state, DecodeProblem.None) : new(null, reader.Problem);
    }

    internal static void Write<T>(WireWriter writer, T state) where T : class, ICrdt<T>
    {
        writer.Byte(Version);
        writer.Byte(T.Kind);
        var fields = new StateWriter();
        state.Write(fields);
        fields.WriteTo(writer);
    }

    internal static T Read<T>(WireReader reader) where T : class, ICrdt<T>
    {
        if (reader.Byte() != Version)
            reader.Refuse(DecodeProblem.UnknownVersion);
        if (reader.Byte() != T.Kind)
            reader.Refuse(DecodeProblem.OtherKind);
        var fields = StateReader.Of(reader);
        return reader.Problem == DecodeProblem.None ? T.Read(fields) : T.Empty;
    }
}
