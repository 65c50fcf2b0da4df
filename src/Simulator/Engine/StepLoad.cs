namespace Orleans.Inference.Simulator.Engine;

/// <summary>The work of one step.</summary>
/// <param name="PrefillTokens">Tokens of prompts (and of sequences computed again after a preemption).</param>
/// <param name="DecodingSequences">Sequences that get their next token.</param>
internal readonly record struct StepLoad(int PrefillTokens, int DecodingSequences)
{
    public int Tokens => PrefillTokens + DecodingSequences;
}
