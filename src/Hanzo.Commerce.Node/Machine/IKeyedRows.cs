namespace Hanzo.Commerce.Node.Machine;

/// <summary>Rows by number, each with a key.</summary>
internal interface IKeyedRows
{
    /// <summary>In UTF-8. Valid until the rows change.</summary>
    ReadOnlySpan<byte> KeyOf(int number);
}
