using System.Buffers;
using System.Text.Json;

namespace Orleans.Inference.Simulator.Load;

/// <summary>One user: a first text, then questions in turn.</summary>
internal sealed class Conversation(int index, string model, string prefix, string[] questions)
{
    private readonly List<string> _answers = [];

    public int Index => index;

    public string Model => model;

    public int Turns => questions.Length;

    /// <summary>What the model has said; belongs to the next turn's prompt.</summary>
    public void AddAnswer(string text) => _answers.Add(text);

    /// <summary>The request of the next turn: a chat completion with everything before it.</summary>
    public byte[] CreateBody(LoadOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("messages");
            if (prefix.Length > 0)
            {
                WriteMessage(json, "system", prefix);
            }

            for (var i = 0; i < _answers.Count; i++)
            {
                WriteMessage(json, "user", questions[i]);
                WriteMessage(json, "assistant", _answers[i]);
            }

            WriteMessage(json, "user", questions[_answers.Count]);
            json.WriteEndArray();
            json.WriteNumber("max_tokens", options.OutputTokens);
            if (options.Streams)
            {
                json.WriteBoolean("stream", true);
                json.WriteStartObject("stream_options");
                json.WriteBoolean("include_usage", true);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", content);
        json.WriteEndObject();
    }
}
