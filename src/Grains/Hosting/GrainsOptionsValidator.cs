using Microsoft.Extensions.Options;

namespace Orleans.Inference.Grains.Hosting;

/// <summary>Refuses times with which the state would not flow; names every fault at once.</summary>
internal sealed class GrainsOptionsValidator : IValidateOptions<GrainsOptions>
{
    public ValidateOptionsResult Validate(string? name, GrainsOptions options)
    {
        var faults = new List<string>();
        Check(options.ReportInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), nameof(GrainsOptions.ReportInterval));
        Check(options.FrameInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), nameof(GrainsOptions.FrameInterval));
        Check(options.SubscriptionLifetime, TimeSpan.FromSeconds(2), TimeSpan.FromHours(1), nameof(GrainsOptions.SubscriptionLifetime));
        Check(options.SupervisionInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(GrainsOptions.SupervisionInterval));
        Check(options.HealthySilence, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), nameof(GrainsOptions.HealthySilence));
        Check(options.UnhealthySilence, options.HealthySilence, TimeSpan.FromMinutes(1), nameof(GrainsOptions.UnhealthySilence));
        Check(options.OrphanLimit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(GrainsOptions.OrphanLimit));
        Check(options.ConfirmationLimit, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), nameof(GrainsOptions.ConfirmationLimit));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(TimeSpan value, TimeSpan least, TimeSpan most, string option)
        {
            if (value < least || value > most)
            {
                faults.Add($"{nameof(GrainsOptions)}.{option} is {value}; set it to {least} … {most}.");
            }
        }
    }
}
