using System.Collections.Frozen;

namespace Hanzo.Commerce.Node.Currencies;

/// <summary>The alphabetic codes of ISO 4217 for money that is in use; funds, metals and test codes are left out.</summary>
internal static class CurrencyCodes
{
    private static readonly FrozenSet<string> InUse = (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY "
        + "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
        + "ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK "
        + "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
        + "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
        + "UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> WithoutMinorUnit =
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> InThousandths = "BHD IQD JOD KWD LYD OMR TND".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static bool Has(string code) => InUse.Contains(code);

    /// <summary>How many decimal digits the minor unit stands behind the major one: 0 for yen, 2 for euro, 3 for dinar.</summary>
    /// <exception cref="ArgumentException">The code is not one of those in use.</exception>
    public static int ExponentOf(string code) =>
        WithoutMinorUnit.Contains(code) ? 0
        : InThousandths.Contains(code) ? 3
        : Has(code) ? 2
        : throw new ArgumentException($"{code} is no currency in use.", nameof(code));
}
