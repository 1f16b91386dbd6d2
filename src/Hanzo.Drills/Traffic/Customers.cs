using System.Collections.Immutable;
using System.Globalization;

namespace Hanzo.Drills.Traffic;

/// <summary>Addresses of people all over the world, whose place was published by who runs their network: not by the database under test.</summary>
internal static class Customers
{
    private static readonly Lazy<ImmutableArray<Customer>> Loaded = new(Load);

    public static ImmutableArray<Customer> All => Loaded.Value;

    public static ImmutableArray<Customer> Of(string country) => [.. All.Where(customer => customer.Country == country)];

    private static ImmutableArray<Customer> Load()
    {
        using var reader = new StreamReader(typeof(Customers).Assembly.GetManifestResourceStream("customers.csv")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#')).Skip(1)
            .Select(line => line.Split(','))
            .Select(cells => new Customer(cells[0], cells[1], cells[2], Degrees(cells[3]), Degrees(cells[4])))];

        static double Degrees(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
