using System.Collections.Immutable;
using Hanzo.Commerce.Node.Currencies;

namespace Hanzo.Commerce.Node.Api.V1;

/// <summary>What an order is placed on, beside its items.</summary>
/// <param name="Hold">How long its units are held before they are paid for.</param>
internal sealed record OrderTerms(Money Total, string Method, string? Country, TimeSpan Hold)
{
    /// <summary>Reads them. What is wrong is noted in the body; then the terms mean nothing.</summary>
    /// <param name="list">The pointer to where the prices stand.</param>
    /// <param name="prices">What a unit of each item costs, and how many there are.</param>
    public static OrderTerms Read(BodyReading body, string list, ImmutableArray<(Money UnitPrice, long Quantity)> prices)
    {
        var total = body.IsSound ? TotalOf(prices) : null;
        if (body.IsSound && total is null)
            body.Note(list, "The prices are in one currency, and their sum is 1 or more and fits 64 bits.");
        return new OrderTerms(
            total.GetValueOrDefault(),
            body.Reading.Text("payment_method", PaymentsApi.IsMethod, "1 to 255 letters, digits, underscores and hyphens"),
            body.Reading.OptionalText("country", PaymentsApi.IsCountry, "An ISO 3166-1 code of two letters such as DE"),
            ReservationsApi.ReadHold(body));
    }

    public static Money ReadUnitPrice(ObjectReading item) => item.Object("unit_price", price => new Money(
        price.WholeNumber("amount", amount => amount >= 0, "A whole number of minor units, 0 or more"),
        price.Text("currency", CurrencyCodes.Has, "An ISO 4217 code such as EUR")));

    /// <summary>Null when there is no such amount: two currencies, nothing, or too much.</summary>
    private static Money? TotalOf(ImmutableArray<(Money UnitPrice, long Quantity)> prices)
    {
        var total = (Money?)new Money(0, prices[0].UnitPrice.Currency);
        foreach (var (unit, quantity) in prices)
        {
            if (unit.Currency != total?.Currency || unit.Times(quantity) is not { } price)
                return null;
            total = total.Value.Plus(price);
        }
        return total is { Amount: >= 1 } ? total : null;
    }
}
