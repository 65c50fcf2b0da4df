using System.Buffers.Text;
using System.Diagnostics;
using Orleans.Inference.Picking.InFlight;
using Orleans.Inference.Picking.Latency;
using Orleans.Inference.Picking.Prefix;
using Orleans.Inference.Picking.Scheduling;

namespace Orleans.Inference.ExtProcGateway.Decisions;

/// <summary>What one thread needs to decide without allocating.</summary>
internal sealed class DecisionScratch(Random random)
{
    /// <summary>Longest <c>[ipv6]:port</c> and its comma.</summary>
    private const int LongestAddress = 56;

    private readonly byte[] _destination = new byte[PickScratch.MaxPicks * LongestAddress];
    private ulong[] _marks = [];
    private int _length;

    public PickScratch Picking { get; } = new();

    /// <summary>The load that the decision goes by.</summary>
    public LoadEstimate Load { get; } = new();

    /// <summary>Who holds how much of the prompt.</summary>
    public PrefixMatch Match { get; } = new();

    /// <summary>Who has encoded how much of the pictures, videos and sounds.</summary>
    public PrefixMatch MediaMatch { get; } = new();

    /// <summary>The same as the servers' own events tell.</summary>
    public PrefixMatch PreciseMatch { get; } = new();

    /// <summary>How long each server would take.</summary>
    public PredictionColumns Predictions { get; } = new();

    public Random Random { get; } = random;

    /// <summary>Plugins' headers of a response; valid until the thread's next response.</summary>
    public HeaderEdits ResponseHeaders { get; } = new();

    /// <summary>The destination as it goes on the wire; valid until the thread's next decision.</summary>
    public ReadOnlySpan<byte> Destination => _destination.AsSpan(0, _length);

    public void ClearDestination() => _length = 0;

    public void AddDestination(ReadOnlySpan<byte> address)
    {
        Debug.Assert(address.Length < LongestAddress);
        if (_length > 0)
        {
            _destination[_length++] = (byte)',';
        }

        address.CopyTo(_destination.AsSpan(_length));
        _length += address.Length;
    }

    /// <summary>Adds the address of a server at another port than its own.</summary>
    /// <param name="address"><c>ip:port</c>.</param>
    public void AddDestination(ReadOnlySpan<byte> address, int port)
    {
        AddDestination(address[..(address.LastIndexOf((byte)':') + 1)]);
        Utf8Formatter.TryFormat(port, _destination.AsSpan(_length), out var written);
        _length += written;
    }

    /// <summary>One bit for each of <paramref name="count"/> servers, all clear.</summary>
    public Span<ulong> Marks(int count)
    {
        var words = (count + 63) / 64;
        if (_marks.Length < words)
        {
            _marks = new ulong[words];
        }

        var marks = _marks.AsSpan(0, words);
        marks.Clear();
        return marks;
    }
}
