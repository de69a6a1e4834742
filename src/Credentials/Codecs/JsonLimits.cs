namespace Credentials.Codecs;

/// <summary>Caps on one JSON text.</summary>
/// <param name="MaxBytes">UTF-8 bytes.</param>
/// <param name="MaxDepth">Nested objects and arrays.</param>
/// <param name="MaxMembers">Members of one object.</param>
/// <param name="MaxNameLength">UTF-8 bytes of one member name.</param>
public sealed record JsonLimits(int MaxBytes = 1 << 20, int MaxDepth = 32, int MaxMembers = 2000, int MaxNameLength = 1024)
{
    /// <summary>1 MiB, depth 32, 2 000 members, names of 1 KiB.</summary>
    public static JsonLimits Default { get; } = new();
}
