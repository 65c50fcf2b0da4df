using System.Globalization;

namespace Orleans.Runtime;

public static class GrainIdKeyExtensions
{
    public static IdSpan CreateIntegerKey(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    public static IdSpan CreateIntegerKey(long key, string? keyExtension) => WithExtension(CreateIntegerKey(key), keyExtension);

    public static IdSpan CreateGuidKey(Guid key) => IdSpan.Create(key.ToString("N"));

    public static IdSpan CreateGuidKey(Guid key, string? keyExtension) => WithExtension(CreateGuidKey(key), keyExtension);

    public static bool TryGetIntegerKey(this GrainId grainId, out long key) => TryGetIntegerKey(grainId, out key, out _);

    public static bool TryGetIntegerKey(this GrainId grainId, out long key, out string? keyExt) =>
        long.TryParse(Split(grainId, out keyExt), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out key);

    public static long GetIntegerKey(this GrainId grainId) =>
        TryGetIntegerKey(grainId, out var key)
            ? key
            : throw new InvalidOperationException($"Unable to extract integer key from grain id {grainId}");

    public static bool TryGetGuidKey(this GrainId grainId, out Guid key) => TryGetGuidKey(grainId, out key, out _);

    public static bool TryGetGuidKey(this GrainId grainId, out Guid key, out string? keyExt) =>
        Guid.TryParseExact(Split(grainId, out keyExt), "N", out key);

    public static Guid GetGuidKey(this GrainId grainId) =>
        TryGetGuidKey(grainId, out var key)
            ? key
            : throw new InvalidOperationException($"Unable to extract GUID key from grain id {grainId}");

    private static IdSpan WithExtension(IdSpan key, string? keyExtension) =>
        string.IsNullOrWhiteSpace(keyExtension) ? key : IdSpan.Create($"{key}+{keyExtension}");

    private static ReadOnlySpan<char> Split(GrainId grainId, out string? keyExt)
    {
        var key = grainId.Key.ToString();
        var plus = key.IndexOf('+', StringComparison.Ordinal);
        keyExt = plus < 0 ? null : key[(plus + 1)..];
        return plus < 0 ? key : key.AsSpan(0, plus);
    }
}
