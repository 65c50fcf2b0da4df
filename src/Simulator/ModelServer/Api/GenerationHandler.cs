using System.IO.Pipelines;
using System.Text.Json;
using Orleans.Inference.Simulator.Engine;

namespace Orleans.Inference.Simulator.ModelServer.Api;

/// <summary>Answers completion and chat completion requests.</summary>
internal static class GenerationHandler
{
    public static async Task HandleAsync(HttpContext context, SimulatedServer server, IAnswerFormat format)
    {
        var (generation, error) = await GenerationReader.ReadAsync(context, server, format);
        if (generation is null)
        {
            await error!.WriteAsync(context);
            return;
        }

        server.Driver.Submit(generation.Sequences);
        try
        {
            if (generation.Streams)
            {
                await StreamAsync(context, generation);
            }
            else
            {
                await AnswerAsync(context, generation);
            }
        }
        finally
        {
            // Without effect on sequences that have ended.
            server.Driver.Cancel(generation.Sequences);
        }
    }

    private static async Task AnswerAsync(HttpContext context, Generation generation)
    {
        await foreach (var _ in generation.Feed.Events.ReadAllAsync(context.RequestAborted))
        {
            // Only the ends are reported, and the feed ends with the last of them.
        }

        context.Response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            AnswerWriter.WriteWhole(json, generation);
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, Generation generation)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var output = context.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(output);
        var sent = new int[generation.Sequences.Count];
        await foreach (var progress in generation.Feed.Events.ReadAllAsync(context.RequestAborted))
        {
            WriteProgress(output, json, generation, progress, sent);

            // What is there already leaves together.
            if (!generation.Feed.Events.TryPeek(out _))
            {
                await output.FlushAsync(context.RequestAborted);
            }
        }

        if (generation.IncludeUsage)
        {
            BeginEvent(output, json);
            AnswerWriter.WriteUsageChunk(json, generation);
            EndEvent(output, json);
        }

        Write(output, "data: [DONE]\n\n"u8);
        await output.FlushAsync(context.RequestAborted);
    }

    private static void WriteProgress(PipeWriter output, Utf8JsonWriter json, Generation generation, GenerationEvent progress, int[] sent)
    {
        var sequence = generation.Sequences[progress.Choice];
        var from = sent[progress.Choice];
        if (from == 0 && generation.Format.BeginsWithRole)
        {
            BeginEvent(output, json);
            AnswerWriter.WriteChunk(json, generation, progress.Choice, "", FinishReason.None, isRole: true);
            EndEvent(output, json);
        }

        sent[progress.Choice] = progress.Generated;
        BeginEvent(output, json);
        AnswerWriter.WriteChunk(json, generation, progress.Choice, AnswerWriter.TextOf(sequence, from, progress.Generated), progress.Finish, isRole: false);
        EndEvent(output, json);
    }

    private static void BeginEvent(PipeWriter output, Utf8JsonWriter json)
    {
        Write(output, "data: "u8);
        json.Reset(output);
    }

    private static void EndEvent(PipeWriter output, Utf8JsonWriter json)
    {
        json.Flush();
        Write(output, "\n\n"u8);
    }

    private static void Write(PipeWriter output, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.GetSpan(bytes.Length));
        output.Advance(bytes.Length);
    }
}
