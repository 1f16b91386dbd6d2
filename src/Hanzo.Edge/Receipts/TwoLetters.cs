namespace Hanzo.Edge.Receipts;

/// <summary>A code of two letters, of ISO 3166 or of a continent, as receipts keep it: a hundred thousand references would be larger.</summary>
/// <param name="code">Two ASCII characters, or null. Of anything else only that it is known is kept, as "??".</param>
internal readonly struct TwoLetters(string? code)
{
    private readonly ushort letters = code switch
    {
        null => 0,
        [< (char)128 and var first, < (char)128 and var second] => (ushort)(first << 8 | second),
        _ => '?' << 8 | '?',
    };

    /// <summary>The code, or null where there was none.</summary>
    public string? Text => letters == 0 ? null : $"{(char)(letters >> 8)}{(char)(letters & 0xFF)}";
}
