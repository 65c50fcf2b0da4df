using System.Collections.Immutable;
using System.Text;
using Orleans.Inference.ExtProcGateway.Protocol.Wire;
using Orleans.Inference.ExtProcGateway.Responses;

namespace Orleans.Inference.ExtProcGateway.Reporting;

/// <summary>What all <c>request-attribute-reporter</c> of a configuration tell of a response.</summary>
/// <remarks>Immutable; safe from any thread.</remarks>
internal sealed class AttributeReports
{
    /// <summary>What one attribute takes beside its name, at most: tags, lengths, a double.</summary>
    private const int AttributeSize = 32;

    private readonly ImmutableArray<(byte[] Namespace, ImmutableArray<(byte[] Name, RequestAttributeReporter Reporter)> Attributes)> _namespaces;
    private readonly int _size;

    public AttributeReports(IEnumerable<RequestAttributeReporter> reporters)
    {
        // By namespace: the proxy merges no two values of one namespace. Of two with one name the last counts.
        _namespaces = [.. reporters
            .GroupBy(reporter => reporter.Key.Namespace, StringComparer.Ordinal)
            .Select(group => (
                Encoding.UTF8.GetBytes(group.Key),
                group.GroupBy(reporter => reporter.Key.Name, StringComparer.Ordinal).Select(same => (Encoding.UTF8.GetBytes(same.Key), same.Last())).ToImmutableArray()))];
        _size = _namespaces.Sum(space => AttributeSize + space.Namespace.Length + space.Attributes.Sum(attribute => AttributeSize + attribute.Name.Length));
    }

    /// <summary>The field <c>dynamic_metadata</c> of a ProcessingResponse, for the end of that message; empty where there is nothing to tell. Allocates what it answers.</summary>
    public byte[] Encode(in TokenUsage usage)
    {
        if (_namespaces.IsEmpty)
        {
            return [];
        }

        var writer = new ReverseProtoWriter(new byte[_size + AttributeSize]);
        foreach (var (space, attributes) in _namespaces)
        {
            var before = writer.Length;
            foreach (var (name, reporter) in attributes)
            {
                if (reporter.TryEvaluate(usage, out var figure))
                {
                    var field = writer.Length;
                    var number = writer.Length;
                    writer.WriteDouble(2, figure); // Value.number_value
                    writer.EndMessage(2, number);
                    writer.WriteBytes(1, name);
                    writer.EndMessage(1, field); // Struct.fields
                }
            }

            if (writer.Length > before)
            {
                writer.EndMessage(5, before); // Value.struct_value
                writer.EndMessage(2, before);
                writer.WriteBytes(1, space);
                writer.EndMessage(1, before); // Struct.fields
            }
        }

        if (writer.Length > 0)
        {
            writer.EndMessage(8, 0); // ProcessingResponse.dynamic_metadata
        }

        return writer.Written.ToArray();
    }
}
