namespace Orleans.Inference.Grains.Scraping;

/// <summary>Calls a lane every slot while it is running, or less often where the lane says that nothing is due.</summary>
internal interface ISlotDriver : IDisposable
{
    /// <summary>The first call comes at once.</summary>
    void Start();

    void Stop();
}
