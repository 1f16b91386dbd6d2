using System.Text.Json;

namespace Hanzo.Commerce.Node.Api;

/// <summary>A request body being taken apart, with everything wrong that was found so far.</summary>
internal sealed class BodyReading
{
    private readonly List<FieldError> _errors = [];

    public BodyReading(JsonElement body) => Reading = new ObjectReading(body, "", _errors);

    public ObjectReading Reading { get; }

    /// <summary>Whether nothing wrong was found so far.</summary>
    public bool IsSound => _errors.Count == 0;

    public void Note(string pointer, string detail) => _errors.Add(new FieldError(pointer, "invalid_value", detail));

    /// <summary>Ends the reading: null when the body is what it should be, else everything that is wrong with it.</summary>
    /// <param name="what">What the body should be, for a person.</param>
    public Problem? End(string what)
    {
        Reading.End();
        var article = what[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a";
        return _errors is [var first, ..]
            ? new Problem(StatusCodes.Status400BadRequest, first.Code, $"The body is not {article} {what}; errors lists every reason.") { Errors = [.. _errors] }
            : null;
    }
}
