using Orleans.Inference.Simulator.Text;

namespace Orleans.Inference.Simulator.Tests.Text;

public sealed class TokenizerTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("word", 1)]
    [InlineData("two words", 2)]
    [InlineData("abcdefg", 2)]
    [InlineData("a\nb", 3)]
    [InlineData("a  b", 3)]
    public void Encode_Text_HasSoManyTokens(string text, int count)
    {
        Assert.Equal(count, Encode(text).Count);
    }

    [Fact]
    public void Encode_TextThatGoesOn_BeginsWithTheSameTokens()
    {
        var begin = Encode("user asks\n the first answer");

        var whole = Encode("user asks\n the first answer\nand goes on");

        Assert.Equal(begin, whole.Take(begin.Count));
    }

    [Fact]
    public void Vocabulary_EachWord_IsOneTokenOfItsOwn()
    {
        for (var i = 0; i < Vocabulary.Count; i++)
        {
            Assert.Equal([Vocabulary.Token(i)], Encode(Vocabulary.Word(i)));
            Assert.Equal(Vocabulary.Word(i), Vocabulary.TextOf(Vocabulary.Token(i)));
        }
    }

    private static List<int> Encode(string text)
    {
        var tokens = new List<int>();
        Tokenizer.Encode(text, tokens);
        return tokens;
    }
}
