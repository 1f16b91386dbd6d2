using CsCheck;

namespace Hanzo.Edge.Tests.Proxying.Direct;

/// <summary>Messages spoiled in every way that is cheap to think of.</summary>
internal static class Spoiling
{
    /// <summary>Any of <paramref name="values"/>.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>With up to four of <paramref name="letters"/> put in, or in the place of another.</summary>
    public static Gen<string> Spoiled(this Gen<string> messages, params string[] letters) =>
        from message in messages
        from places in Gen.Int[0, 400].Array[0, 4]
        from put in OneOf(letters).Array[4]
        select Spoil(message, places, put);

    private static string Spoil(string message, int[] places, string[] put)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var at = places[i] % message.Length;
            message = message[..at] + put[i] + message[(at + (places[i] % 2))..];
        }
        return message;
    }
}
