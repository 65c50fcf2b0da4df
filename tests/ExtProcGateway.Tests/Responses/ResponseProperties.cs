using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.ExtProcGateway.Responses;
using static Orleans.Inference.ExtProcGateway.Tests.Requests.GrpcBodies;

namespace Orleans.Inference.ExtProcGateway.Tests.Responses;

/// <summary>How a body is cut changes nothing of what is read of it or written for it.</summary>
public sealed class ResponseProperties
{
    /// <summary>What bodies are made of: parts that mean something, whole and broken, and any others.</summary>
    private static readonly string[] Parts =
    [
        "data: ", "data:", "\n", "\r\n", "[DONE]", "{", "}", "[", "]", ",", ":", "null", " ", "\\", "\"", "12", "-1e3", "\"7\"", "\"usage\"", "\"usage\":{",
        "\"prompt_tokens\":3", "\"completion_tokens\":4", "\"total_tokens\":7", "\"input_tokens\":5", "\"output_tokens\":6", "\"prompt_tokens_details\":{\"cached_tokens\":2}",
        "\"type\":\"response.completed\"", "\"type\":\"message_start\"", "\"type\":\"message_delta\"", "\"response\":{", "\"message\":{", "\"meta_info\":{",
        "\"finish_reason\":null", "\"finish_reason\":\"stop\"", "\"text\":\"the usage\\\" é\"", "\"model\":", "\"model\": ", "\"model\":\"t\"", "\"model\": \"t\"", "\"mo", "del\":", "\"t\"",
        "data: {\"usage\":{\"prompt_tokens\":8,\"completion_tokens\":9}}\n", "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5}}}\n",
        "data: {\"meta_info\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"finish_reason\":\"stop\"}}\n\n",
    ];

    private static readonly Gen<(byte[] Body, int[] Cuts)> CutBodies =
        from parts in Gen.Elements(Parts).ArrayOf()
        let body = Encoding.UTF8.GetBytes(string.Concat(parts))
        from cuts in Gen.Choose(0, body.Length).ArrayOf()
        select (body, cuts.Order().ToArray());

    /// <summary>gRPC bodies of messages as they are read here, some compressed, with any one byte replaced in some.</summary>
    private static readonly Gen<(byte[] Body, int[] Cuts)> CutMessages =
        from frames in Gen.OneOf(VllmMessages, VertexMessages, from parts in Gen.Elements(Parts).ArrayOf() select Encoding.UTF8.GetBytes(string.Concat(parts)))
            .SelectMany(message => Gen.Frequency((6, Gen.Constant<byte>(0)), (1, Gen.Constant<byte>(1))), (message, flag) => Frame(message, flag)).ListOf()
        let sound = frames.SelectMany(frame => frame).ToArray()
        from at in Gen.Choose(0, 3 * sound.Length)
        from value in Gen.Elements<byte>(0, 1, 2, 10, 18, 34, 125, 128, 255)
        let body = sound.Select((unit, i) => i == at ? value : unit).ToArray()
        from cuts in Gen.Choose(0, body.Length).ArrayOf()
        select (body, cuts.Order().ToArray());

    private static Gen<byte[]> VllmMessages
    {
        get
        {
            var figures = Gen.Zip(Gen.Choose(1, 6), Gen.Choose(0, 500)).Select(pair => Number(pair.Item1, (uint)pair.Item2));
            var part = Gen.OneOf(figures, figures, Gen.Choose(0, 3).Select(ids => Packed(1, [.. Enumerable.Range(126, ids).Select(id => (uint)id)])), Gen.Constant(Text(2, "stop")), Gen.Constant(Single(9, 1)))
                .ListOf().Select(fields => Message([.. fields]));
            return Gen.OneOf(figures, Gen.Zip(Gen.Choose(1, 3), part).Select(pair => Bytes(pair.Item1, pair.Item2)), Gen.Constant(Double(7, 1))).ListOf().Select(fields => Message([.. fields]));
        }
    }

    private static Gen<byte[]> VertexMessages =>
        from parts in Gen.OneOf(Gen.Elements(Parts).ArrayOf(), Gen.Constant<string[]>(["{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}"]))
        select Message(Text(1, "t"), Bytes(2, Encoding.UTF8.GetBytes(string.Concat(parts))));

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(byte[] body, int[] cuts)
    {
        var from = 0;
        foreach (var cut in cuts.Append(body.Length))
        {
            yield return body.AsMemory(from, cut - from);
            from = cut;
        }
    }

    private static (TokenUsage Usage, bool HasUsage, long Events) Read(ResponseFormat format, bool events, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var reader = new UsageReader(format, events);
        foreach (var piece in pieces)
        {
            reader.Read(piece.Span);
        }

        reader.End();
        return (reader.Usage, reader.HasUsage, reader.StreamedEvents);
    }

    private static string Map(byte[] body, int[] cuts)
    {
        var mapper = new ModelNameMapper(new ModelNamePattern("t", "asked"));
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in Pieces(body, cuts))
        {
            if (!mapper.Map(piece.Span, last: false, output))
            {
                output.Write(piece.Span);
            }
        }

        mapper.Flush(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void Usage_CutAnywhere_IsTheSame() => AssertUsageIsTheSame(CutBodies);

    [Fact]
    public void Usage_OfMessagesCutAnywhere_IsTheSame() => AssertUsageIsTheSame(CutMessages);

    private static void AssertUsageIsTheSame(Gen<(byte[] Body, int[] Cuts)> bodies)
    {
        var found = 0;
        Prop.ForAll(bodies.ToArbitrary(), sample =>
        {
            foreach (var format in Enum.GetValues<ResponseFormat>())
            {
                foreach (var events in (bool[])[true, false])
                {
                    var whole = Read(format, events, [sample.Body]);
                    found += whole.HasUsage ? 1 : 0;
                    Assert.Equal(whole, Read(format, events, Pieces(sample.Body, sample.Cuts)));
                    Assert.Equal(whole, Read(format, events, Pieces(sample.Body, [.. Enumerable.Range(0, sample.Body.Length)])));
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.True(found > 100, $"only {found} of the bodies have usage");
    }

    [Fact]
    public void MappedNames_CutAnywhere_AreThoseOfAPlainReplacement() => Prop.ForAll(CutBodies.ToArbitrary(), sample =>
    {
        var expected = Encoding.UTF8.GetString(sample.Body)
            .Replace("\"model\":\"t\"", "\"model\":\"asked\"", StringComparison.Ordinal)
            .Replace("\"model\": \"t\"", "\"model\": \"asked\"", StringComparison.Ordinal);
        Assert.Equal(expected, Map(sample.Body, []));
        Assert.Equal(expected, Map(sample.Body, sample.Cuts));
        Assert.Equal(expected, Map(sample.Body, [.. Enumerable.Range(0, sample.Body.Length)]));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>Of well-formed bodies the platform's own JSON reader is the judge.</summary>
    [Fact]
    public void Usage_OfGeneratedJson_IsWhatADomFinds()
    {
        var scalar = Gen.Elements("1", "25", "0", "3.7", "\"12\"", "null", "true", "\"x\"", "[1,{\"prompt_tokens\":9}]", "{\"a\":\"}\\\"\"}", "-5");
        var usage = from pairs in Gen.Zip(Gen.Elements("prompt_tokens", "input_tokens", "completion_tokens", "output_tokens", "total_tokens", "other"), scalar).ListOf()
                    select "{" + string.Join(',', pairs.DistinctBy(pair => pair.Item1).Select(pair => $"\"{pair.Item1}\":{pair.Item2}")) + "}";
        var bodies = from before in scalar
                     from block in Gen.OneOf(usage, scalar)
                     from after in scalar
                     select $"{{\"choices\":{before},\"usage\":{block}, \"last\" : {after}}}";
        Prop.ForAll(bodies.ToArbitrary(), body =>
        {
            using var document = JsonDocument.Parse(body);
            var element = document.RootElement.GetProperty("usage");
            var found = element.ValueKind == JsonValueKind.Object;
            var (prompt, completion, total) = !found ? (0, 0, 0) :
                (First(element, "prompt_tokens", "input_tokens"), First(element, "completion_tokens", "output_tokens"), First(element, "total_tokens"));
            if (prompt == 0 || completion == 0 || total == 0)
            {
                total = prompt + completion;
            }

            var read = Read(ResponseFormat.OpenAi, events: false, [Encoding.UTF8.GetBytes(body)]);
            Assert.Equal((found, prompt, completion, total), (read.HasUsage, read.Usage.Prompt, read.Usage.Completion, read.Usage.Total));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static long First(JsonElement usage, params string[] names)
    {
        foreach (var name in names)
        {
            // An array or an object is there, but no count: the next name is asked, as no server writes such.
            if (usage.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Array or JsonValueKind.Object))
            {
                var number = value.ValueKind switch
                {
                    JsonValueKind.Number => value.GetDouble(),
                    JsonValueKind.String when double.TryParse(value.GetString(), out var parsed) => parsed,
                    _ => 0,
                };
                return Math.Max(0, (long)number);
            }
        }

        return 0;
    }
}
