using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hanzo.Commerce.Node.Storage;

/// <summary>
/// Hands what a commit adds to SQLite's write-ahead log to the operating system at once. SQLite writes every page of it by two
/// calls, a header of 24 bytes and the page; here they are gathered until the header that ends a transaction has come with its
/// page (SQLite, "Database File Format", 4.1), since only then does SQLite tell other connections of them. Whatever else is asked
/// of the file finds everything in it, and what a transaction gathered that is rolled back is dropped. These take the place of the
/// methods of one open file, the log of the writer's connection, while <c>synchronous</c> is <c>normal</c>: then SQLite divides no
/// page between two writes. ADR 0158.
/// </summary>
internal static unsafe partial class GatheredLog
{
    /// <summary>Bytes that are gathered at most: 31 pages. SQLite writes less than 128 KB at once (<c>seekAndWriteFd</c>).</summary>
    private const int Room = 127 * 1024;

    private const int FrameHeader = 24;
    private const int JournalPointer = 28;

    /// <summary>Gathers from now on, until the connection ends. It must be in write-ahead mode, and one thread at a time use it.</summary>
    /// <exception cref="SqliteException">The connection has no such file.</exception>
    public static void Begin(sqlite3 connection)
    {
        LogFile* file;
        SqliteException.ThrowExceptionForRC(sqlite3_file_control(connection.DangerousGetHandle(), "main", JournalPointer, &file), connection);
        var gathering = (Gathering*)NativeMemory.AllocZeroed((nuint)sizeof(Gathering));
        gathering->Below = file->Methods;
        gathering->Bytes = (byte*)NativeMemory.Alloc(Room);
        // What stays as it is: locks, sizes of sectors. Version 1 has nothing after them, and a log needs no more.
        gathering->Methods = *file->Methods;
        gathering->Methods.Version = 1;
        gathering->Methods.Close = &Close;
        gathering->Methods.Read = &Read;
        gathering->Methods.Write = &Write;
        gathering->Methods.Truncate = &Truncate;
        gathering->Methods.Sync = &Sync;
        gathering->Methods.FileSize = &FileSize;
        file->Methods = &gathering->Methods;
        raw.sqlite3_rollback_hook(connection, _ => gathering->Length = 0, null);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(LogFile* file, byte* bytes, int count, long at)
    {
        var gathering = file->Gathering;
        var isHeader = count == FrameHeader;
        var ends = isHeader ? BinaryPrimitives.ReadInt32BigEndian(new(bytes + 4, 4)) != 0 : gathering->EndsWithPage;
        if (at != gathering->Start + gathering->Length || gathering->Length + count > Room)
        {
            if (Flush(file) is var failed and not raw.SQLITE_OK)
                return failed;
            gathering->Start = at;
        }
        gathering->EndsWithPage = isHeader && ends;
        // What was written before is overwritten at once: checksums of a transaction are, after its last page.
        if (at < gathering->End || count > Room)
        {
            // The log begins anew with its own header.
            gathering->End = at == 0 ? count : Math.Max(gathering->End, at + count);
            return gathering->Below->Write(file, bytes, count, at);
        }
        Buffer.MemoryCopy(bytes, gathering->Bytes + gathering->Length, Room - gathering->Length, count);
        gathering->Length += count;
        gathering->End = at + count;
        return ends && !isHeader ? Flush(file) : raw.SQLITE_OK;
    }

    /// <summary>Nothing is gathered after it. What could not be written is part of a transaction that fails by it.</summary>
    private static int Flush(LogFile* file)
    {
        var gathering = file->Gathering;
        var count = gathering->Length;
        gathering->Length = 0;
        return count == 0 ? raw.SQLITE_OK : gathering->Below->Write(file, gathering->Bytes, count, gathering->Start);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(LogFile* file, byte* bytes, int count, long at) =>
        Flush(file) is var failed and not raw.SQLITE_OK ? failed : file->Gathering->Below->Read(file, bytes, count, at);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(LogFile* file, long size) =>
        Flush(file) is var failed and not raw.SQLITE_OK ? failed : file->Gathering->Below->Truncate(file, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(LogFile* file, int flags) =>
        Flush(file) is var failed and not raw.SQLITE_OK ? failed : file->Gathering->Below->Sync(file, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(LogFile* file, long* size) =>
        Flush(file) is var failed and not raw.SQLITE_OK ? failed : file->Gathering->Below->FileSize(file, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(LogFile* file)
    {
        var gathering = file->Gathering;
        // What is gathered now belongs to no transaction that ended.
        file->Methods = gathering->Below;
        NativeMemory.Free(gathering->Bytes);
        NativeMemory.Free(gathering);
        return file->Methods->Close(file);
    }

    [LibraryImport("e_sqlite3", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int sqlite3_file_control(nint connection, string database, int operation, void* argument);

    /// <summary><c>sqlite3_file</c>.</summary>
    private struct LogFile
    {
        public IoMethods* Methods;

        /// <summary>Once the methods are ours, which stand first in it.</summary>
        public readonly Gathering* Gathering => (Gathering*)Methods;
    }

    private struct Gathering
    {
        public IoMethods Methods;
        public IoMethods* Below;
        public byte* Bytes;

        /// <summary>Where in the file the bytes begin that are gathered.</summary>
        public long Start;

        public int Length;

        /// <summary>Where what was appended ends, gathered or written.</summary>
        public long End;

        /// <summary>Whether the last header ends a transaction, and its page has not come.</summary>
        public bool EndsWithPage;
    }

    /// <summary><c>sqlite3_io_methods</c>, version 1.</summary>
    private struct IoMethods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<LogFile*, int> Close;
        public delegate* unmanaged[Cdecl]<LogFile*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<LogFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<LogFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<LogFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<LogFile*, long*, int> FileSize;
        public nint Lock;
        public nint Unlock;
        public nint CheckReservedLock;
        public nint FileControl;
        public nint SectorSize;
        public nint DeviceCharacteristics;
    }
}
