using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Tests.Currencies;

public sealed class MoneyTests
{
    [Fact]
    public void What_64_bits_do_not_hold_is_no_amount()
    {
        Assert.Null(new Money(long.MaxValue, "EUR").Plus(new Money(1, "EUR")));
        Assert.Null(new Money(long.MaxValue / 2 + 1, "EUR").Times(2));
        Assert.Equal(new Money(long.MaxValue, "EUR"), new Money(long.MaxValue - 1, "EUR").Plus(new Money(1, "EUR")));
    }

    [Fact]
    public void Two_currencies_have_no_sum() =>
        Assert.Throws<ArgumentException>(() => new Money(1, "EUR").Plus(new Money(1, "USD")));

    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("EUR", 2)]
    [InlineData("KWD", 3)]
    [InlineData("UGX", 0)]
    [InlineData("MGA", 2)]
    public void A_currency_knows_its_minor_unit(string code, int exponent) => Assert.Equal(exponent, CurrencyCodes.ExponentOf(code));

    [Fact]
    public void A_code_that_is_not_in_use_has_no_minor_unit() => Assert.Throws<ArgumentException>(() => CurrencyCodes.ExponentOf("XAU"));
}
