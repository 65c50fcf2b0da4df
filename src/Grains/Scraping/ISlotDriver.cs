namespace Orleans.Inference.Grains.Scraping;

/// <summary>Calls a lane once every slot while it is running.</summary>
internal interface ISlotDriver : IDisposable
{
    /// <summary>The first call comes at once.</summary>
    void Start();

    void Stop();
}
