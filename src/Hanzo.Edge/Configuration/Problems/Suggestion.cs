namespace Hanzo.Edge.Configuration.Problems;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Suggestion
{
    private const int LongestWord = 64;

    /// <summary>
    /// The known word nearest to what was written, or null where none is near: at most one edit for every three letters,
    /// an edit being a letter added, dropped, changed or two neighbours swapped.
    /// </summary>
    public static string? For(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestWord)
            return null;
        var nearest = known
            .Where(word => word.Length <= LongestWord)
            .Select(word => (Word: word, Edits: Edits(written.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(found => found.Edits <= Math.Max(1, Math.Min(written.Length, found.Word.Length) / 3))
            .OrderBy(found => found.Edits).ThenBy(found => found.Word, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Word;
    }

    /// <summary><c>; did you mean 'x'?</c>, or nothing.</summary>
    public static string DidYouMean(string written, IEnumerable<string> known)
        => For(written, known) is { } word ? $"; did you mean '{word}'?" : "";

    /// <summary>The optimal string alignment distance: Levenshtein's, with swapped neighbours as one edit.</summary>
    private static int Edits(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            distance[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            distance[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(change, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                distance[i, j] = best;
            }
        }
        return distance[a.Length, b.Length];
    }
}
