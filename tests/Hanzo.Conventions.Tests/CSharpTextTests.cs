namespace Hanzo.Conventions.Tests;

public sealed class CSharpTextTests
{
    [Theory]
    [InlineData("a // b", "a     ")]
    [InlineData("a /* b\nc */ d", "a     \n     d")]
    [InlineData("a(\"b // c\") // d", "a(        )     ")]
    [InlineData("a(\"\\\"b\", c)", "a(     , c)")]
    [InlineData("a(@\"b\\\", c)", "a(     , c)")]
    [InlineData("a(@\"b\"\"c\", d)", "a(       , d)")]
    [InlineData("a('\"', b)", "a(   , b)")]
    [InlineData("a('\\'', b)", "a(    , b)")]
    [InlineData("a($\"\"\"b \"c\" // d\"\"\", e)", "a(                 , e)")]
    [InlineData("a(\"\") + b", "a(  ) + b")]
    public void Code_is_what_is_neither_comment_nor_string(string text, string code) =>
        Assert.Equal(code, CSharpText.Of(text).Code);

    [Fact]
    public void Comments_and_strings_are_kept_apart()
    {
        var text = CSharpText.Of("a(\"b\"); // c");

        Assert.Equal("a(   ); // c", text.CodeAndComments);
        Assert.Equal("a(\"b\");     ", text.CodeAndStrings);
    }
}
