using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.ExtProcGateway.Requests;
using static Orleans.Inference.ExtProcGateway.Tests.Requests.GrpcBodies;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

/// <summary>Where a body is cut into pieces makes no difference to any parser, nor to the edit of the model.</summary>
public sealed class BodySplitProperties
{
    private static readonly ModelNames Names = new();

    private static readonly Dictionary<string, BodyParser> Parsers = new()
    {
        ["completions"] = new JsonBody(JsonApis.Completions, Names),
        ["chat"] = new JsonBody(JsonApis.ChatCompletions, Names),
        ["embeddings"] = new JsonBody(JsonApis.Embeddings, Names),
        ["responses"] = new JsonBody(JsonApis.Responses, Names),
        ["conversations"] = new JsonBody(JsonApis.Conversations, Names),
        ["images"] = new JsonBody(JsonApis.Images, Names),
        ["messages"] = new JsonBody(JsonApis.Messages, Names),
        ["vllm"] = new JsonBody(JsonApis.VllmGenerate, Names),
        ["sglang"] = new JsonBody(JsonApis.SgLangGenerate, Names),
        ["vertexai chat"] = new VertexAiBody(new JsonBody(JsonApis.ChatCompletions, Names)),
        ["vertexai raw"] = new VertexAiBody(new JsonBody(JsonApis.Responses, Names)),
        ["vllmgrpc generate"] = new VllmGrpcBody(embed: false),
        ["vllmgrpc embed"] = new VllmGrpcBody(embed: true),
    };

    public static TheoryData<string> ParserNames => [.. Parsers.Keys];

    [Theory]
    [MemberData(nameof(ParserNames))]
    public void Parse_CutAnywhere_IsTheSame(string name)
    {
        var parser = Parsers[name];
        var accepted = 0;
        Prop.ForAll(Bodies(name).ToArbitrary(), body =>
        {
            var whole = parser.Parse(new ReadOnlySequence<byte>(body));
            accepted += whole.Error is null ? 1 : 0;
            for (var cut = 0; cut <= body.Length; cut++)
            {
                AssertSame(whole, parser.Parse(Requests.Bodies.Split(body, cut)));
            }

            AssertSame(whole, parser.Parse(Requests.Bodies.Split(body, [.. Enumerable.Range(0, body.Length)])));
        }).Check(Seeded(80));

        Assert.InRange(accepted, 8, 80);
    }

    [Fact]
    public void Replace_ModelOfABodyCutAnywhere_ChangesThatValueOnly()
    {
        var parser = Parsers["completions"];
        Prop.ForAll(Bodies("completions").Where(body => parser.Parse(new ReadOnlySequence<byte>(body)).Error is null).ToArbitrary(), body =>
        {
            var text = Encoding.UTF8.GetString(body);
            for (var cut = 0; cut <= body.Length; cut++)
            {
                var buffer = new BodyBuffer();
                buffer.Append(body.AsSpan(0, cut));
                Adopt(buffer, body.AsSpan(cut));
                var parsed = parser.Parse(buffer.Content);

                ModelValue.Replace(buffer, parsed, "né\"w");

                var value = parsed.ModelLength > 0 ? "\"né\\\"w\"" : "\"model\":\"né\\\"w\",";
                var expected = Slice(text, 0, parsed.ModelOffset) + value + Slice(text, parsed.ModelOffset + parsed.ModelLength, body.Length);
                Assert.Equal(expected, Encoding.UTF8.GetString(buffer.Content));
                Assert.Equal(parsed with { Model = "né\"w", ModelOffset = 0, ModelLength = 0, CacheSaltOffset = 0, Prompt = default },
                    parser.Parse(buffer.Content) with { ModelOffset = 0, ModelLength = 0, CacheSaltOffset = 0, Prompt = default });
                buffer.Release();
            }

            string Slice(string _, long start, long end) => Encoding.UTF8.GetString(body.AsSpan((int)start, (int)(end - start)));
        }).Check(Seeded(60));
    }

    private static Config Seeded(int tests) => Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(20_240_917, 1);

    /// <summary>What is wrong with malformed JSON is told with its place, which the reader counts in pieces differently.</summary>
    private static void AssertSame(in ParsedRequest whole, in ParsedRequest pieces) => Assert.Equal(WithoutPlace(whole), WithoutPlace(pieces));

    private static ParsedRequest WithoutPlace(in ParsedRequest parsed)
    {
        const string MalformedJson = "error unmarshaling request body";
        return parsed.Error is { } error && error.StartsWith(MalformedJson, StringComparison.Ordinal) ? parsed with { Error = MalformedJson } : parsed;
    }

    private static void Adopt(BodyBuffer buffer, ReadOnlySpan<byte> piece)
    {
        if (!piece.IsEmpty)
        {
            var rented = ArrayPool<byte>.Shared.Rent(piece.Length);
            piece.CopyTo(rented);
            buffer.Adopt(rented, 0, piece.Length);
        }
    }

    private static Gen<byte[]> Bodies(string parser)
    {
        var sound = parser switch
        {
            "vertexai chat" or "vertexai raw" => Json.Select(json => Frame(Message(Text(1, "e"), Bytes(2, Message(Text(1, "t"), Bytes(2, json)))))),
            "vllmgrpc generate" or "vllmgrpc embed" => Vllm,
            _ => Json,
        };
        return Gen.Frequency((4, sound), (1, from body in sound
                                             from at in Gen.Choose(0, body.Length - 1)
                                             from value in Gen.Elements<byte>(0, 1, 34, 92, 123, 125, 128, 255)
                                             select (byte[])[.. body[..at], value, .. body[(at + 1)..]]));
    }

    private static Gen<byte[]> Vllm
    {
        get
        {
            var ids = Gen.Choose(0, 300).ListOf().Select(list => Message(Text(1, "té"), Packed(2, [.. list.Select(id => (uint)(id * id))])));
            var fields = Gen.OneOf(
                Gen.Constant(Text(1, "id")),
                ids.Select(message => Bytes(2, message)),
                Gen.Constant(Text(3, "text")),
                Gen.Choose(0, 1000).Select(limit => Bytes(4, Message(Single(1, 1), Number(8, (uint)limit)))),
                Gen.Choose(0, 1).Select(flag => Number(5, (uint)flag)),
                Gen.Constant(Double(77, 1)));
            return fields.ListOf().Select(chosen => Frame(Message([.. chosen])));
        }
    }

    /// <summary>Objects of the keys that the APIs have, with values of the right and of other kinds, in any order and also repeated.</summary>
    private static Gen<byte[]> Json
    {
        get
        {
            var key = Gen.Elements("model", "mod\\u0065l", "mode\\ud800", "stream", "max_tokens", "max_completion_tokens", "cache_salt", "extra_key", "x");
            var scalar = Gen.Elements("\"m\"", "\"modèle\\n\\u00e9\"", "\"\"", "true", "false", "null", "17", "17.0", "-1.5e3", "\"\\ud800\"");
            var value = Gen.Frequency((6, scalar), (1, Gen.Elements("{\"model\":\"inner\",\"a\":[1,{}]}", "[[],[\"]\"]]", "{}")));
            var content = Gen.Elements(
                "\"prompt\":\"some téxt\\\\\",\"input\":\"i\"",
                "\"prompt\":[1,2e1,345678],\"token_ids\":[7,8.0],\"input_ids\":[9]",
                "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"content\":[{\"type\":\"text\",\"text\":\"é\"}]}],\"items\":[{}]",
                "\"prompt\":\"p\",\"input\":[\"a\",\"b\"],\"messages\":[{}],\"items\":[{}],\"token_ids\":[1],\"input_ids\":[1]",
                "\"prompt\":[1,\"a\"],\"messages\":[{\"content\":7}],\"token_ids\":\"a\",\"sampling_params\":{\"max_tokens\":3,\"max_new_tokens\":4}");
            var space = Gen.Elements("", "", " ", "\r\n\t");
            var member = Gen.Frequency((4, from name in key
                                           from before in space
                                           from after in space
                                           from item in value
                                           select $"\"{name}\"{before}:{after}{item}"), (3, content));
            return from members in member.NonEmptyListOf()
                   from before in space
                   from after in space
                   select Encoding.UTF8.GetBytes(before + "{" + string.Join("," + after, members.Take(6)) + before + "}" + after);
        }
    }
}
