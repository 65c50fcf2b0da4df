using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using OpenTelemetry;

namespace Orleans.Inference.ExtProcGateway.Tracing;

/// <summary>Writes spans as JSON, one object a line, as the lines of the log beside them are.</summary>
/// <param name="output">Where to; not closed.</param>
internal sealed class JsonSpanExporter(Stream output) : BaseExporter<Activity>
{
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line))
            {
                Write(json, span);
            }

            _line.Write("\n"u8);
            output.Write(_line.WrittenSpan); // at once, so that no line of the log gets into it
        }

        output.Flush();
        return ExportResult.Success;
    }

    private static void Write(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject();
        json.WriteString("span", span.DisplayName);
        json.WriteString("trace_id", span.TraceId.ToHexString());
        json.WriteString("span_id", span.SpanId.ToHexString());
        if (span.ParentSpanId != default)
        {
            json.WriteString("parent_span_id", span.ParentSpanId.ToHexString());
        }

        json.WriteString("start", span.StartTimeUtc);
        json.WriteNumber("duration_ms", Math.Round(span.Duration.TotalMilliseconds, 4));
        if (span.Status == ActivityStatusCode.Error)
        {
            json.WriteString("error", span.StatusDescription);
        }

        json.WriteStartObject("attributes");
        foreach (ref readonly var tag in span.EnumerateTagObjects())
        {
            json.WritePropertyName(tag.Key);
            WriteValue(json, tag.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case string[] or double[]:
                json.WriteStartArray();
                foreach (var item in (Array)value)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value?.ToString());
                break;
        }
    }
}
