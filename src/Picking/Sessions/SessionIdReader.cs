using Orleans.Inference.Picking.Configuration;

namespace Orleans.Inference.Picking.Sessions;

/// <summary>Looks for the id of a request's session in one place.</summary>
/// <remarks>Safe from any thread.</remarks>
internal sealed class SessionIdReader
{
    private readonly string _header;
    private readonly string _attribute;
    private readonly SessionIdProducer? _producer;

    private SessionIdReader(string header, string attribute, SessionIdProducer? producer)
    {
        _header = header;
        _attribute = attribute;
        _producer = producer;
    }

    /// <summary>The reader of a source, with what is wrong with it told.</summary>
    public static SessionIdReader Of(SessionIdSource source, PluginContext context)
    {
        const string parameter = "sessionIdConfig";
        var producer = context.Resolve<object>(source.Producer) as SessionIdProducer;
        if ((source.Header.Length == 0) == (source.Attribute.Length == 0))
        {
            context.Fault(parameter, $"a source has either a header or an attribute, not '{source.Header}' and '{source.Attribute}'");
        }
        else if (producer is not null && source.Attribute != SessionIdProducer.Attribute)
        {
            context.Warn(parameter, $"a source has no effect: '{source.Producer}' produces the attribute {SessionIdProducer.Attribute}, not '{source.Attribute}'");
        }
        else if (producer is null && source.Attribute == SessionIdProducer.Attribute)
        {
            context.Warn(parameter, $"a source has no effect: the attribute {SessionIdProducer.Attribute} needs the name of a session-id-producer as its producer");
        }

        return new(source.Header, source.Attribute, producer);
    }

    /// <summary>The id that a request has there; empty for none.</summary>
    public string Find(InferenceRequest request)
    {
        if (_header.Length > 0)
        {
            return request.Headers?.TryGet(_header, out var value) == true ? value.Trim() : "";
        }

        if (_producer is not null)
        {
            return _attribute == SessionIdProducer.Attribute ? _producer.Find(request) : "";
        }

        return request.GetNote<string>(_attribute)?.Trim() ?? "";
    }
}
