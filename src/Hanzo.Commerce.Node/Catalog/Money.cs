namespace Hanzo.Commerce.Node.Catalog;

/// <summary>An exact amount of money.</summary>
/// <param name="Amount">In minor units of the currency (cents, yen, fils). Never a fraction: floats cannot hold money.</param>
/// <param name="Currency">ISO 4217 alphabetic code, see <see cref="CurrencyCodes"/>.</param>
internal readonly record struct Money(long Amount, string Currency);
