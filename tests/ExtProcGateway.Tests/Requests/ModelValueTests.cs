using System.Text;
using System.Text.Json;
using Orleans.Inference.ExtProcGateway.Requests;
using Orleans.Inference.TestKit;

namespace Orleans.Inference.ExtProcGateway.Tests.Requests;

public sealed class ModelValueTests
{
    private static readonly JsonBody Completions = new(JsonApis.Completions, new ModelNames());

    [Theory]
    [InlineData("llama")]
    [InlineData("")]
    [InlineData("a\"b\\c/d\n\u0001\u007f<&>'")]
    [InlineData("é中\U0001F600")]
    public void Write_AnyName_IsItsJsonString(string name) => Assert.Equal(name, WrittenAndRead(name));

    [Fact]
    public void Write_HalfASurrogatePair_BecomesAReplacementCharacter() => Assert.Equal("half \ufffd pair", WrittenAndRead("half \ud800 pair"));

    [Theory]
    [InlineData('a')]
    [InlineData('"')]
    [InlineData('\u0001')]
    [InlineData('中')]
    public void Write_LongName_FitsMaxLength(char character)
    {
        var name = new string(character, 100_000);

        Assert.Equal(name, WrittenAndRead(name));
    }

    [Fact]
    public void Write_UsualName_AllocatesNothing()
    {
        var buffer = new byte[ModelValue.MaxLength("llama-3-8b-lora-7")];

        Assert.Equal(0, AllocatedBytes.OfSteadyState(() => ModelValue.Write("llama-3-8b-lora-7", buffer)));
    }

    [Theory]
    [InlineData("""{"model":"a","prompt":"p"}""", """{"model":"new \"name\"","prompt":"p"}""")]
    [InlineData("""{ "prompt" : "p" , "model" : "a" , "x" : {"model":"a"} } """, """{ "prompt" : "p" , "model" : "new \"name\"" , "x" : {"model":"a"} } """)]
    [InlineData("""{"model":"a","prompt":"p","model":"b"}""", """{"model":"a","prompt":"p","model":"new \"name\""}""")]
    [InlineData("""{"model":null,"prompt":"p"}""", """{"model":"new \"name\"","prompt":"p"}""")]
    [InlineData("""{"model":-1.5e3,"prompt":"p"}""", """{"model":"new \"name\"","prompt":"p"}""")]
    [InlineData("""{"model": {"a":[1,"}"]} ,"prompt":"p"}""", """{"model": "new \"name\"" ,"prompt":"p"}""")]
    [InlineData("""{"model":[],"prompt":"p"}""", """{"model":"new \"name\"","prompt":"p"}""")]
    [InlineData(""" { "prompt":"p"}""", """ {"model":"new \"name\"", "prompt":"p"}""")]
    public void Replace_Model_ChangesThatValueOnly(string before, string after)
    {
        var bytes = Encoding.UTF8.GetBytes(before);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var body = new BodyBuffer();
            Adopt(body, bytes.AsSpan(0, cut));
            Adopt(body, bytes.AsSpan(cut));
            var parsed = Completions.Parse(body.Content);
            Assert.True(parsed.CanEditModel);

            ModelValue.Replace(body, parsed, "new \"name\"");

            Assert.Equal(after, Encoding.UTF8.GetString(body.Content));
            Assert.Equal("new \"name\"", Completions.Parse(body.Content).Model);
            body.Release();
        }
    }

    private static string? WrittenAndRead(string name)
    {
        var buffer = new byte[ModelValue.MaxLength(name)];
        return JsonSerializer.Deserialize<string>(buffer.AsSpan(0, ModelValue.Write(name, buffer)));
    }

    private static void Adopt(BodyBuffer body, ReadOnlySpan<byte> piece)
    {
        if (!piece.IsEmpty)
        {
            var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(piece.Length);
            piece.CopyTo(rented);
            body.Adopt(rented, 0, piece.Length);
        }
    }
}
