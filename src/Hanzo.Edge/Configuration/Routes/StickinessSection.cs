using Hanzo.Edge.Configuration.Shapes;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>`stickiness`: requests of one client go to one region.</summary>
internal static class StickinessSection
{
    private const int ShortestKey = 16;

    private static readonly Section Keys = new();
    private static readonly Key<StickinessMode> Mode = Keys.Required("mode", Scalars.Choice(("none", StickinessMode.None), ("temporary", StickinessMode.Temporary), ("move", StickinessMode.Move)), "What becomes of a client whose region cannot serve it: it comes back when the region does (`temporary`), or stays where it went (`move`). `none` for no stickiness.");
    private static readonly Key<string?> Cookie = Keys.Optional("cookie", Scalars.Text("a name"), "Name of the cookie that carries the region.");
    private static readonly Key<string?> Header = Keys.Optional("header", Scalars.Text("a name"), "Name of the response field that tells the region and of the request field that the client sends it back in, instead of a cookie.");
    private static readonly Key<string?> Secret = Keys.Optional("key", Scalars.Text($"a secret of {ShortestKey} characters or more", (scalar, _) => scalar.Text.Length >= ShortestKey ? scalar.Text : ("is too short", "as openssl rand -hex 32 prints it; ${file:/path} keeps it out of this file")), "The secret by which the value is signed, the same at all edges that share clients.");
    private static readonly Key<TimeSpan?> MaxAge = Keys.OptionalValue("maxAge", Scalars.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)), "Max-Age of the cookie; without it, it ends with the browser's session.");

    /// <summary>The section.</summary>
    public static Shape<StickinessOptions> Shape { get; } = Keys.Builds(values =>
    {
        if (values.Get(Mode) is StickinessMode.None) return new StickinessOptions { Mode = StickinessMode.None, Name = "", Key = "" };
        if (values.Written(Cookie) == values.Written(Header)) values.Error(Mode, "the region is carried by either a cookie or a header", "name one: `cookie: hanzo-region`, or `header: Hanzo-Sticky`");
        if (!values.Written(Secret)) values.Error(Mode, "the value is signed and there is no key", "`key: ${file:/path}` with what openssl rand -hex 32 prints");
        if (values.Written(Header) && values.Written(MaxAge)) values.Error(MaxAge, "a header has no age", "take `maxAge` away, or carry the region by a cookie");
        return new StickinessOptions
        {
            Mode = values.Get(Mode),
            Name = values.Get(Cookie) ?? values.Get(Header) ?? "",
            IsHeader = values.Written(Header),
            Key = values.Get(Secret) ?? "",
            MaxAge = values.Get(MaxAge),
        };
    });
}
