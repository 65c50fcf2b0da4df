namespace Orleans.Inference.ExtProcGateway.KvEvents;

/// <summary>What both sides of a ZMTP connection begin with: signature, version, security mechanism.</summary>
internal static class ZmtpGreeting
{
    /// <summary>Its length.</summary>
    public const int Size = 64;

    private const int VersionAt = 10;
    private const int MechanismAt = 12;
    private const int MechanismSize = 20;

    /// <summary>Ours: version 3.1, without security.</summary>
    public static byte[] Write()
    {
        var greeting = new byte[Size];
        greeting[0] = 0xff;
        greeting[VersionAt - 1] = 0x7f;
        greeting[VersionAt] = 3;
        greeting[VersionAt + 1] = 1;
        "NULL"u8.CopyTo(greeting.AsSpan(MechanismAt));
        return greeting;
    }

    /// <summary>Reads the other side's; returns its minor version.</summary>
    /// <exception cref="ZmtpException">It speaks something else, an older version, or wants security.</exception>
    public static int Read(ReadOnlySpan<byte> greeting)
    {
        if (greeting[0] != 0xff || (greeting[VersionAt - 1] & 1) == 0)
        {
            throw new ZmtpException("what answers does not speak ZMTP");
        }

        if (greeting[VersionAt] < 3)
        {
            throw new ZmtpException($"ZMTP {greeting[VersionAt]}.{greeting[VersionAt + 1]} is too old; 3.0 is needed");
        }

        if (!greeting.Slice(MechanismAt, MechanismSize).TrimEnd((byte)0).SequenceEqual("NULL"u8))
        {
            throw new ZmtpException("the publisher wants a security mechanism; NULL is the only one here");
        }

        return greeting[VersionAt] > 3 ? int.MaxValue : greeting[VersionAt + 1];
    }
}
