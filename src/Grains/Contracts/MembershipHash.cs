using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Orleans.Inference.Grains.Contracts;

/// <summary>A 64-bit hash of a membership that does not depend on the order of servers and labels, nor on the process; policies are in an order that matters.</summary>
/// <remarks>FNV-1a over UTF-16 with a final mix; parts without an order are added up.</remarks>
internal static class MembershipHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static long Of(PoolSpec spec, ImmutableArray<ModelServerSpec> servers, PoolPolicySpec policies)
    {
        var hash = Add(Offset, spec.Namespace);
        hash = Add(hash, spec.Name);
        hash = Add(hash, spec.Group);
        hash = Add(hash, spec.EndpointPicker?.Name);
        hash = Add(hash, (ulong)(spec.EndpointPicker?.Port ?? -1));
        hash = Add(hash, (ulong)spec.FailureMode);
        hash = Add(hash, spec.AppProtocol);
        foreach (var port in spec.TargetPorts)
        {
            hash = Add(hash, (ulong)port);
        }

        ulong sum = 0;
        foreach (var server in servers)
        {
            sum += Mix(Of(server));
        }

        return unchecked((long)Mix(Add(Add(Add(hash, sum), (ulong)servers.Length), policies)));
    }

    private static ulong Add(ulong hash, PoolPolicySpec policies)
    {
        hash = Add(Add(hash, policies.Objectives), policies.Models);
        foreach (var rule in policies.Rewrites)
        {
            hash = Add(hash, rule.Name);
            hash = Add(hash, (ulong)rule.Models.Length);
            foreach (var model in rule.Models)
            {
                hash = Add(hash, model);
            }

            hash = Add(hash, (ulong)rule.Targets.Length);
            foreach (var (model, weight) in rule.Targets)
            {
                hash = Add(Add(hash, model), unchecked((ulong)(weight ?? -1)));
            }
        }

        return Add(hash, (ulong)policies.Rewrites.Length);
    }

    private static ulong Add(ulong hash, ImmutableArray<NamedPriority> priorities)
    {
        foreach (var (name, priority) in priorities)
        {
            hash = Add(Add(hash, name), unchecked((ulong)priority));
        }

        return Add(hash, (ulong)priorities.Length);
    }

    private static ulong Of(ModelServerSpec server)
    {
        var hash = Add(Offset, server.Id);
        hash = Add(hash, server.Ip);
        hash = Add(hash, (ulong)server.Port);
        hash = Add(hash, server.Engine);
        ulong labels = 0;
        foreach (var (name, value) in server.Labels)
        {
            labels += Mix(Add(Add(Offset, name), value));
        }

        return Add(hash, labels);
    }

    private static ulong Add(ulong hash, string? text)
    {
        foreach (var unit in MemoryMarshal.Cast<char, ushort>(text.AsSpan()))
        {
            hash = (hash ^ unit) * Prime;
        }

        // Ends each text, so that two texts never read like one, and null differs from empty.
        return (hash ^ (text is null ? 0x10001UL : 0x10000UL)) * Prime;
    }

    private static ulong Add(ulong hash, ulong value)
    {
        for (var i = 0; i < 8; i++)
        {
            hash = (hash ^ (value & 0xFF)) * Prime;
            value >>= 8;
        }

        return hash;
    }

    private static ulong Mix(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 29);
    }
}
