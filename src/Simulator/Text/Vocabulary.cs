namespace Orleans.Inference.Simulator.Text;

/// <summary>The words of which answers and generated prompts consist. Each, with the space before it, is one token.</summary>
public static class Vocabulary
{
    private static readonly string[] Spaced = [.. (
        "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were "
        + "her all she there would their we him been has when who will more no if out so said what up its about into than them can only "
        + "other new some could time these two may then do first any my now such like our over man me even most made after also did many "
        + "before must years where much your way well down should each just those people how too little state good very make world still "
        + "own see men work long get here both being life never same last use day house year while might great old off part water move "
        + "cloud graph token cache queue model block batch layer score route shard proxy cable river stone field north south east west")
        .Split(' ').Distinct().Select(word => " " + word)];

    private static readonly int[] Tokens = [.. Spaced.Select(word => Tokenizer.Number(word))];

    private static readonly Dictionary<int, string> ByToken = Tokens.Zip(Spaced).ToDictionary();

    /// <summary>Number of words.</summary>
    public static int Count => Spaced.Length;

    /// <summary>The word at <paramref name="index"/>, with the space before it.</summary>
    public static string Word(int index) => Spaced[index];

    /// <summary>The token of the word at <paramref name="index"/>.</summary>
    public static int Token(int index) => Tokens[index];

    /// <summary>The text of a token of this vocabulary.</summary>
    public static string TextOf(int token) => ByToken[token];
}
