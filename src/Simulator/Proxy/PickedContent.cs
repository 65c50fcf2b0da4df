using System.IO.Pipelines;
using System.Net;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary>The body that the picker gave back, as it comes.</summary>
internal sealed class PickedContent(PipeReader body) : HttpContent
{
    /// <summary>Whether a server has begun to take it: from then on it can't be sent to another one.</summary>
    public bool HasBegun { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasBegun = true;
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(cancellationToken);
                foreach (var segment in read.Buffer)
                {
                    await stream.WriteAsync(segment, cancellationToken);
                }

                body.AdvanceTo(read.Buffer.End);
                await stream.FlushAsync(cancellationToken);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            // Also when the server answers early: nobody waits for room in the pipe any more.
            await body.CompleteAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
