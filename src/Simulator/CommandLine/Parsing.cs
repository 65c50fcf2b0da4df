using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;

namespace Orleans.Inference.Simulator.CommandLine;

/// <summary>Parsers of options' values.</summary>
internal static class Parsing
{
    public static IPAddress? IPv4Address(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address;
        }

        result.AddError($"'{text}' is not an IPv4 address.");
        return null;
    }

    public static Duration Duration(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (CommandLine.Duration.TryParse(text, out var duration))
        {
            return duration;
        }

        result.AddError($"'{text}' is not a time: a number with the unit us, ms, s or m is wanted, for example 20ms.");
        return default;
    }
}
