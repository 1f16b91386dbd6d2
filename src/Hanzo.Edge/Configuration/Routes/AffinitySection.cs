using Hanzo.Edge.Configuration.Shapes;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Configuration;

namespace Hanzo.Edge.Configuration.Routes;

/// <summary>`affinity`: requests of one session go to one endpoint, in YARP's words.</summary>
internal static class AffinitySection
{
    private static readonly Section CookieKeys = new();
    private static readonly Key<string?> Path = CookieKeys.Optional("path", Scalars.Text("a path"), "Path of the cookie; `/` where it is not given.");
    private static readonly Key<string?> Domain = CookieKeys.Optional("domain", Scalars.Text("a domain"), "Domain of the cookie; the request's host where it is not given.");
    private static readonly Key<bool?> HttpOnly = CookieKeys.OptionalValue("httpOnly", Scalars.Boolean, "Whether scripts are kept from the cookie; true where it is not given.");
    private static readonly Key<CookieSecurePolicy?> Secure = CookieKeys.OptionalValue("secure", Scalars.Choice(("same-as-request", CookieSecurePolicy.SameAsRequest), ("always", CookieSecurePolicy.Always), ("never", CookieSecurePolicy.None)), "Whether the cookie goes over TLS only; never where it is not given.");
    private static readonly Key<SameSiteMode?> SameSite = CookieKeys.OptionalValue("sameSite", Scalars.Choice(("unspecified", SameSiteMode.Unspecified), ("none", SameSiteMode.None), ("lax", SameSiteMode.Lax), ("strict", SameSiteMode.Strict)), "SameSite of the cookie; unspecified where it is not given.");
    private static readonly Key<TimeSpan?> Expiration = CookieKeys.OptionalValue("expiration", Scalars.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)), "Expires of the cookie, from now.");
    private static readonly Key<TimeSpan?> MaxAge = CookieKeys.OptionalValue("maxAge", Scalars.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)), "Max-Age of the cookie.");
    private static readonly Key<bool?> Essential = CookieKeys.OptionalValue("essential", Scalars.Boolean, "Whether it is sent without consent to cookies; false where it is not given.");

    private static readonly Section Keys = new();
    private static readonly Key<string> Policy = Keys.Required("policy", Scalars.Choice(("hash-cookie", "HashCookie"), ("arr-cookie", "ArrCookie"), ("cookie", "Cookie"), ("header", "CustomHeader")), "How the session's endpoint is remembered: a cookie with the endpoint's hash, the one that ARR reads, an encrypted one, or a header.");
    private static readonly Key<string> Name = Keys.Required("name", Scalars.Text("a name"), "Name of the cookie or header.");
    private static readonly Key<string> OnFailure = Keys.Optional("onFailure", Scalars.Choice(("redistribute", "Redistribute"), ("refuse", "Return503Error")), "Redistribute", "What happens when the session's endpoint is gone: another one, or 503.");
    private static readonly Key<SessionAffinityCookieConfig?> Cookie = Keys.Optional("cookie", CookieKeys.Builds(BuildCookie), "Attributes of the cookie.");

    /// <summary>The section.</summary>
    public static Shape<SessionAffinityConfig> Shape { get; } = Keys.Builds(values =>
    {
        if (values.Get(Policy) == "CustomHeader" && values.Has(Cookie))
            values.Error(Cookie, "the policy `header` has no cookie", "take `cookie` away, or choose a cookie policy");
        return new SessionAffinityConfig
        {
            Enabled = true,
            Policy = values.Get(Policy),
            AffinityKeyName = values.Get(Name),
            FailurePolicy = values.Get(OnFailure),
            Cookie = values.Get(Cookie),
        };
    });

    private static SessionAffinityCookieConfig BuildCookie(Values values) => new()
    {
        Path = values.Get(Path),
        Domain = values.Get(Domain),
        HttpOnly = values.Get(HttpOnly),
        SecurePolicy = values.Get(Secure),
        SameSite = values.Get(SameSite),
        Expiration = values.Get(Expiration),
        MaxAge = values.Get(MaxAge),
        IsEssential = values.Get(Essential),
    };
}
