using Microsoft.Extensions.Logging;

namespace Orleans.Inference.Grains.Scraping;

/// <summary>Tells the operator when a server's metrics begin to fail and when they are back; not once a scrape.</summary>
/// <remarks>Back means a second without a failure, so that a server that fails every other scrape is announced once.</remarks>
internal sealed class FailureAnnouncer(ScrapeTarget target, ILogger logger, long quietTime)
{
    private bool _isAnnounced;
    private bool _areFiguresAnnounced;
    private long _failures;
    private long _lastFailure;

    public void OnFailure(ScrapeHealth health, long now)
    {
        _failures++;
        _lastFailure = now;
        if (!_isAnnounced)
        {
            _isAnnounced = true;
            ScrapeLog.Failing(logger, target.Name, target.EndPoint, target.Engine, health);
        }
    }

    public void OnSuccess(int badFigures, long now)
    {
        if (_isAnnounced && now - _lastFailure >= quietTime)
        {
            ScrapeLog.Recovered(logger, target.Name, target.EndPoint, _failures);
            _isAnnounced = false;
            _failures = 0;
        }

        if (badFigures > 0 && !_areFiguresAnnounced)
        {
            _areFiguresAnnounced = true;
            ScrapeLog.BadFigures(logger, target.Name, target.EndPoint, badFigures);
        }
    }
}
