using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Inference.Grains.Scraping;
using Orleans.Inference.Scrape;

// What scraping costs this process: CPU, scrapes a second and allocation over some seconds, against model servers that somebody else serves on
// 127.0.1.1 and up, port 8000, as `$EPPLOAD serve -count 1000` does.
//
//   dotnet run -c Release --project bench/Scrape -- [SERVERS] [auto|never] [SECONDS] [INTERVAL_MS] [SLOT_MS]
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
var mode = args.Length > 1 ? Enum.Parse<FilteredScrapeMode>(args[1], ignoreCase: true) : FilteredScrapeMode.Auto;
var seconds = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 10;
var options = new ScrapeOptions { FilteredScrape = mode };
if (args.Length > 3)
{
    options.Interval = TimeSpan.FromMilliseconds(double.Parse(args[3], CultureInfo.InvariantCulture));
}

if (args.Length > 4)
{
    options.Slot = TimeSpan.FromMilliseconds(double.Parse(args[4], CultureInfo.InvariantCulture));
}

using var clock = new ScrapeClock(options, TimeProvider.System, new Random(1), NullLogger<ScrapeClock>.Instance);
var sinks = new CountingSink[count];
var scrapers = new MetricsScraper[count];
for (var i = 0; i < count; i++)
{
    var host = (127 << 24) + 257 + i;
    var address = new IPAddress([(byte)(host >> 24), (byte)(host >> 16), (byte)(host >> 8), (byte)host]);
    sinks[i] = new CountingSink();
    scrapers[i] = new MetricsScraper(new ScrapeTarget(new IPEndPoint(address, 8000), BuiltInEngines.Vllm), sinks[i], clock);
    scrapers[i].Start();
}

await Task.Delay(TimeSpan.FromSeconds(3));
var (good, bad, cpu, allocated, started) = (sinks.Sum(s => s.Good), sinks.Sum(s => s.Bad), Cpu(), GC.GetTotalAllocatedBytes(true), Stopwatch.GetTimestamp());
await Task.Delay(TimeSpan.FromSeconds(seconds));
var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
good = sinks.Sum(s => s.Good) - good;
bad = sinks.Sum(s => s.Bad) - bad;
cpu = Cpu() - cpu;
allocated = GC.GetTotalAllocatedBytes(true) - allocated;
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{count} servers, filtered={mode}: {cpu.TotalSeconds / elapsed:F3} cores, {good / elapsed:F0} scrapes/s, {cpu.TotalMicroseconds / Math.Max(1, good):F1} us CPU each, {bad} failed, {(double)allocated / Math.Max(1, good):F1} B allocated each, {Environment.WorkingSet >> 20} MiB"));
foreach (var fault in sinks.Where(s => s.Bad > 0).GroupBy(s => s.LastFault.ToString()))
{
    Console.WriteLine($"  {fault.Count()} servers: {fault.Key}");
}

Array.ForEach(scrapers, scraper => scraper.Dispose());

static TimeSpan Cpu()
{
    using var process = Process.GetCurrentProcess();
    return process.TotalProcessorTime;
}
