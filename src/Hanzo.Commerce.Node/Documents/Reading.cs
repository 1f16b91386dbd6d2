using Hanzo.Commerce.Crdt.Causality;
using Hanzo.Commerce.Crdt.Documents;

namespace Hanzo.Commerce.Node.Documents;

/// <summary>How documents are read.</summary>
internal static class Reading
{
    extension(Causal<Fields> document)
    {
        /// <summary>Whether nothing was ever written there.</summary>
        public bool IsUnwritten => document.Context.Equals(CausalContext.Empty);

        /// <summary>The same wherever the same writes have been seen: 16 hexadecimal digits.</summary>
        public string Version => CausalVersion.Of(document.Context);

        /// <summary>The text that shows at a path, or null when there is none.</summary>
        public string? Latest(string path) => document.Store.Texts[path].TryGetLatest(out var text) ? text.Value : null;
    }
}
