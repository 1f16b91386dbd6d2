using System.Reflection;

namespace Hanzo.Edge;

/// <summary>The version of this program.</summary>
internal static class ProductVersion
{
    /// <summary>As it was built, for example 0.1.0.</summary>
    public static string Text { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
