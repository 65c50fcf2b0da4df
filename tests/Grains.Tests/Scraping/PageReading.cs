using System.Text;
using Orleans.Inference.Grains.Scraping;

namespace Orleans.Inference.Grains.Tests.Scraping;

/// <summary>One server's pages, read as its scraper reads them.</summary>
internal sealed class PageReading(EngineMapping engine)
{
    public MetricsPage Page { get; } = new(engine);

    public ServerFigures Figures { get; } = new(engine);

    public PageOutcome Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    public PageOutcome Read(byte[] text)
    {
        Page.Begin();
        Page.Read(text, last: true);
        return Figures.Apply(Page);
    }

    /// <summary>Reads the text in pieces cut at these places, each with the unread rest of the one before in front of it.</summary>
    public PageOutcome ReadInPieces(byte[] text, params IEnumerable<int> cuts)
    {
        Page.Begin();
        byte[] rest = [];
        var from = 0;
        foreach (var cut in cuts)
        {
            byte[] piece = [.. rest, .. text[from..cut]];
            rest = piece[Page.Read(piece, last: false)..];
            from = cut;
        }

        byte[] end = [.. rest, .. text[from..]];
        Page.Read(end, last: true);
        return Figures.Apply(Page);
    }

    public override string ToString() =>
        $"queued {Figures.Queued}, running {Figures.Running}, kv {Figures.KvUsage}, cache {Figures.Cache.BlockSize}x{Figures.Cache.BlockCount}, "
        + $"lora [{string.Join(' ', Figures.Lora.Active.ToArray())}] [{string.Join(' ', Figures.Lora.Waiting.ToArray())}] of {Figures.Lora.MaxActive}";
}
