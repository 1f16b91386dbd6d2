namespace Hanzo.Commerce.Node.Consensus;

/// <summary>
/// Which region led what a request asked for, noted on its way and told in its response: whoever sends the next one can send
/// it straight there. It hangs on the flow of the request, so that no layer between has to carry it.
/// </summary>
internal sealed class LeaderNote
{
    private static readonly AsyncLocal<LeaderNote?> Current = new();

    public string? Region { get; private set; }

    public static LeaderNote Begin() => Current.Value = new LeaderNote();

    public static void Note(string? region)
    {
        if (Current.Value is { } note && region is not null)
            note.Region = region;
    }
}
