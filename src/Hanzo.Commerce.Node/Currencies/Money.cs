namespace Hanzo.Commerce.Node.Currencies;

/// <summary>An exact amount of money.</summary>
/// <param name="Amount">In minor units of the currency (cents, yen, fils). Never a fraction: floats cannot hold money.</param>
/// <param name="Currency">ISO 4217 alphabetic code, see <see cref="CurrencyCodes"/>.</param>
internal readonly record struct Money(long Amount, string Currency)
{
    /// <summary>This many times the amount, or null when 64 bits do not hold it.</summary>
    public Money? Times(long quantity) => Fitting((Int128)Amount * quantity);

    /// <summary>The sum, or null when 64 bits do not hold it. Amounts of two currencies have no sum: that is a bug.</summary>
    public Money? Plus(Money other) => other.Currency == Currency
        ? Fitting((Int128)Amount + other.Amount)
        : throw new ArgumentException($"{other.Currency} cannot be added to {Currency}.", nameof(other));

    private Money? Fitting(Int128 amount) => amount >= long.MinValue && amount <= long.MaxValue ? this with { Amount = (long)amount } : null;
}
