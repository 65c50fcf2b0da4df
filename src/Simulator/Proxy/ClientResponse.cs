using System.Globalization;
using Envoy.Service.ExtProc.V3;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>Writes to the client.</summary>
internal static class ClientResponse
{
    public static void SetHead(HttpResponse response, HeaderList headers)
    {
        response.StatusCode = int.TryParse(headers.Find(":status"), NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and < 600
            ? status
            : StatusCodes.Status502BadGateway;
        foreach (var (name, value) in headers.Forwarded)
        {
            response.Headers.Append(name, value);
        }
    }

    /// <summary>The picker's own answer instead of a model server's.</summary>
    public static async Task WriteImmediateAsync(HttpContext context, ImmediateResponse immediate)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        var headers = new HeaderList();
        headers.Add(":status", ((int)(immediate.Status?.Code ?? 0)).ToString(CultureInfo.InvariantCulture));
        headers.Apply(immediate.Headers);
        SetHead(response, headers);
        response.ContentType ??= "text/plain";
        response.ContentLength = immediate.Body.Length;
        await response.Body.WriteAsync(immediate.Body.Memory, context.RequestAborted);
    }

    /// <summary>The proxy's own answer where the picker fails.</summary>
    public static async Task WriteErrorAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }
}
