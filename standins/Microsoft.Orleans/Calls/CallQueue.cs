using System.Diagnostics;

namespace Orleans.Runtime;

/// <summary>Calls in order of arrival, linked through themselves.</summary>
internal struct CallQueue
{
    public GrainCall? First { get; private set; }

    public GrainCall? Last { get; private set; }

    public int Count { get; private set; }

    public void Add(GrainCall call)
    {
        Debug.Assert(call is { Next: null, Previous: null }, "A call is in one queue at a time.");
        call.Previous = Last;
        if (Last is null)
        {
            First = call;
        }
        else
        {
            Last.Next = call;
        }

        Last = call;
        Count++;
    }

    public void Remove(GrainCall call)
    {
        if (call.Previous is null)
        {
            Debug.Assert(ReferenceEquals(First, call), "Not of this queue.");
            First = call.Next;
        }
        else
        {
            call.Previous.Next = call.Next;
        }

        if (call.Next is null)
        {
            Last = call.Previous;
        }
        else
        {
            call.Next.Previous = call.Previous;
        }

        call.Next = null;
        call.Previous = null;
        Count--;
    }

    public List<GrainCall> Drain()
    {
        var all = new List<GrainCall>(Count);
        while (First is { } call)
        {
            Remove(call);
            all.Add(call);
        }

        return all;
    }
}
