using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Orleans.Inference.Simulator.CommandLine;

namespace Orleans.Inference.Simulator.Proxy;

/// <summary><c>proxy</c>.</summary>
internal static class ProxyCommand
{
    private static readonly ProxyOptions Defaults = new();

    private static readonly Option<IPAddress> Address = new("--address")
    {
        Description = "Address to listen on.",
        DefaultValueFactory = _ => Defaults.Address,
        CustomParser = Parsing.IPv4Address,
    };

    private static readonly Option<int> Port = Options.Number("--port", "Port to listen on; 0 lets the system choose.", Defaults.Port, 0, 65_535);

    private static readonly Option<string> ExtProc = new("--ext-proc")
    {
        Description = "The picker's ext_proc port as host:port (plain HTTP/2), http://host:port or https://host:port (TLS).",
        DefaultValueFactory = _ => Defaults.ExtProc,
    };

    private static readonly Option<string?> Authority = new("--authority") { Description = "The :authority of ext_proc calls, by which a picker may choose the pool; host and port if not given." };
    private static readonly Option<bool> Verify = new("--verify-certificate") { Description = "Refuse a picker whose TLS certificate is not valid. Gateways don't." };

    public static Command Create()
    {
        var command = new Command("proxy", "A small HTTP proxy that asks an endpoint picker over ext_proc, as Envoy does in FULL_DUPLEX_STREAMED mode.")
        {
            Address, Port, ExtProc, Authority, Verify,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = new ProxyOptions
        {
            Address = result.GetRequiredValue(Address),
            Port = result.GetValue(Port),
            ExtProc = result.GetRequiredValue(ExtProc),
            Authority = result.GetValue(Authority),
            VerifyCertificate = result.GetValue(Verify),
        };
        try
        {
            await using var host = await ProxyHost.StartAsync(options, cancellationToken);
            Console.WriteLine($"proxy ready at {host.Address}, asks {options.ExtProc}");
            await host.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (UriFormatException)
        {
            await Console.Error.WriteLineAsync($"--ext-proc {options.ExtProc} is not an address such as 127.0.0.1:9002 or https://127.0.0.1:9002.");
            return 1;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"Can't listen: {e.Message}");
            return 1;
        }
    }
}
