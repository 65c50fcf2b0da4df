namespace Orleans.Inference.ExtProcGateway.Protocol;

/// <summary>Bounds how long answers are kept back: gateways set no time limit on a picker, so whatever waits here for ever would hang its request.</summary>
/// <remarks>
/// Safe from any thread. All members have the same bound, so the list is in order of time, and adding, removing and touching take constant time; one timer, once a
/// second while there are members, takes those from its head whose time has come.
/// </remarks>
internal sealed class WithheldAnswers(TimeSpan bound, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Withholding? _head;
    private Withholding? _tail;
    private ITimer? _timer;
    private int _count;
    private bool _sweeping;
    private bool _disposed;

    /// <summary>Longest silence of the peer.</summary>
    public TimeSpan Bound => bound;

    /// <summary>Members at this moment.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Starts the bound anew; adds the member where it is not in the list, and takes it out of another.</summary>
    public void Touch(Withholding member)
    {
        if (member.List is { } other && other != this)
        {
            other.Remove(member);
        }

        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            Unlink(member);
            member.List = this;
            member.Since = now;
            member.Previous = _tail;
            if (_tail is null)
            {
                _head = member;
            }
            else
            {
                _tail.Next = member;
            }

            _tail = member;
            _count++;
            if (!_sweeping)
            {
                _sweeping = true;
                _timer ??= time.CreateTimer(static state => ((WithheldAnswers)state!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(SweepInterval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Nothing is kept back any more. May be called again.</summary>
    public void Remove(Withholding member)
    {
        if (member.List != this)
        {
            return; // only the owner's turn adds, so this can't miss a member
        }

        lock (_lock)
        {
            Unlink(member);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Sweep()
    {
        while (TakeDue() is { } due)
        {
            due.OnWithheldTooLong();
        }
    }

    /// <summary>The next member whose time has come; null when there is none, with the timer set for the others.</summary>
    private Withholding? TakeDue()
    {
        lock (_lock)
        {
            if (_head is { } head && time.GetElapsedTime(head.Since) >= bound)
            {
                Unlink(head);
                return head;
            }

            _sweeping = _head is not null && !_disposed;
            if (_sweeping)
            {
                _timer!.Change(SweepInterval, Timeout.InfiniteTimeSpan);
            }

            return null;
        }
    }

    private void Unlink(Withholding member)
    {
        if (member.List != this)
        {
            return;
        }

        if (member.Previous is { } previous)
        {
            previous.Next = member.Next;
        }
        else
        {
            _head = member.Next;
        }

        if (member.Next is { } next)
        {
            next.Previous = member.Previous;
        }
        else
        {
            _tail = member.Previous;
        }

        _count--;
        member.Previous = member.Next = null;
        member.List = null;
    }
}
