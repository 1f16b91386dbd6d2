using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Hanzo.Edge.Configuration.Yaml;

/// <summary>
/// YamlDotNet's parser with one way to fail. By itself it answers some broken files with other exceptions of its inside (for a
/// bracket left open, a tag that is no URI, an alias behind a value); each of them is a mistake in the file.
/// </summary>
/// <param name="text">The file.</param>
internal sealed class GuardedParser(string text) : IParser
{
    /// <summary>What is said where the parser has no words of its own.</summary>
    public const string NoWords = "this cannot be read";

    private readonly (Scanner Scanner, Parser Parser) inner = Open(text);

    /// <inheritdoc/>
    public ParsingEvent? Current => inner.Parser.Current;

    /// <summary>Goes on to the next event.</summary>
    /// <exception cref="YamlException">What follows is not YAML, or ends too early.</exception>
    public bool MoveNext()
    {
        try
        {
            if (inner.Parser.MoveNext())
                return true;
        }
        catch (Exception e) when (e is not YamlException)
        {
            throw new YamlException(inner.Scanner.CurrentPosition, inner.Scanner.CurrentPosition, NoWords, e);
        }
        throw new YamlException(inner.Scanner.CurrentPosition, inner.Scanner.CurrentPosition, NoWords);
    }

    private static (Scanner Scanner, Parser Parser) Open(string text)
    {
        var scanner = new Scanner(new StringReader(text));
        return (scanner, new Parser(scanner));
    }
}
