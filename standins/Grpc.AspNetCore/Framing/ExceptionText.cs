namespace Grpc.Framing;

/// <summary>Puts an exception and its causes into a status detail.</summary>
internal static class ExceptionText
{
    public static string Describe(Exception exception)
    {
        var text = $"{exception.GetType().Name}: {exception.Message}";
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            text += $" {inner.GetType().Name}: {inner.Message}";
        }

        return text;
    }
}
