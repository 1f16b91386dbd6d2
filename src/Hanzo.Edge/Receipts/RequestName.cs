using System.Globalization;

namespace Hanzo.Edge.Receipts;

/// <summary>
/// A request's id as receipts keep it. Those that the edge gives are 16 hex digits and kept as the number they are: a
/// hundred thousand strings that live for seconds are what makes a garbage collector work.
/// </summary>
internal readonly record struct RequestName
{
    private const int Digits = 16;

    private readonly ulong number;

    /// <summary>The name <paramref name="id"/>, to the letter.</summary>
    public RequestName(string id)
    {
        if (!TryRead(id, out number)) Text = id;
    }

    /// <summary>The name made of these.</summary>
    /// <param name="text">The id where it is not a number, or null.</param>
    /// <param name="number">The number that it is.</param>
    public RequestName(string? text, ulong number) => (Text, this.number) = (text, number);

    /// <summary>The id where it is not a number, or null.</summary>
    public string? Text { get; }

    /// <summary>The number that it is, or 0.</summary>
    public ulong Number => number;

    /// <inheritdoc/>
    public override string ToString() => Text ?? number.ToString("x16", CultureInfo.InvariantCulture);

    // Lower case only: what is read must be written again as it was.
    private static bool TryRead(string id, out ulong number)
    {
        number = 0;
        if (id.Length != Digits) return false;
        foreach (var c in id)
        {
            var digit = c is >= '0' and <= '9' ? c - '0' : c is >= 'a' and <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0)
            {
                number = 0;
                return false;
            }
            number = (number << 4) | (uint)digit;
        }
        return true;
    }
}
