namespace Orleans.TestingHost;

/// <summary>Numbers that tell silos of test clusters apart; nothing listens on them.</summary>
internal static class TestPorts
{
    private const int FirstSiloPort = 22300;
    private const int FirstGatewayPort = 40000;
    private static int _next;

    public static (int Silo, int Gateway) Next()
    {
        var next = Interlocked.Increment(ref _next) % 7000;
        return (FirstSiloPort + next, FirstGatewayPort + next);
    }
}
