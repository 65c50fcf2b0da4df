namespace Orleans.Inference.Grains.Scraping;

/// <summary>The bytes of one connection to a model server, in both directions, without ever waiting.</summary>
/// <remarks>Not safe for concurrent use. Once something has failed, the link is only disposed.</remarks>
internal interface IScrapeLink : IDisposable
{
    /// <summary>Why the link failed; meaningful after <see cref="LinkProgress.Failed"/>.</summary>
    ScrapeHealth Fault { get; }

    /// <summary>Sends what can be sent now; opens the connection first where that is not done.</summary>
    /// <param name="bytes">Must not change until all of it is sent.</param>
    /// <param name="sent">Bytes that were sent.</param>
    LinkProgress Send(ReadOnlyMemory<byte> bytes, out int sent);

    /// <summary>Reads what is there.</summary>
    /// <param name="received">Bytes that came; 0 with <see cref="LinkProgress.Done"/> is the end.</param>
    LinkProgress Receive(Span<byte> buffer, out int received);
}
