using System.Text;
using Orleans.Inference.Simulator.Text;

namespace Orleans.Inference.Simulator.Load;

/// <summary>Makes up conversations. The same options and seed make the same ones.</summary>
internal sealed class Workload
{
    private readonly LoadOptions _options;
    private readonly Random _random;
    private readonly string[] _prefixes;
    private int _conversations;

    public Workload(LoadOptions options, Random random)
    {
        _options = options;
        _random = random;
        var prefixes = options.Workload == WorkloadKind.Random ? 0 : options.Prefixes;
        _prefixes = new string[prefixes];
        for (var i = 0; i < prefixes; i++)
        {
            _prefixes[i] = Words(options.PrefixTokens);
        }
    }

    /// <summary>Requests of one conversation.</summary>
    public int Turns => _options.Workload == WorkloadKind.Conversation ? _options.Turns : 1;

    /// <summary>The next conversation, with all that its user will say.</summary>
    public Conversation Next()
    {
        var prefix = _prefixes.Length > 0 ? _prefixes[_random.Next(_prefixes.Length)] : "";
        var model = _options.Models[_random.Next(_options.Models.Count)];
        var questions = new string[Turns];
        for (var i = 0; i < questions.Length; i++)
        {
            questions[i] = Words(_options.QuestionTokens);
        }

        return new Conversation(_conversations++, model, prefix, questions);
    }

    private string Words(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(Vocabulary.Word(_random.Next(Vocabulary.Count)));
        }

        return text.ToString();
    }
}
