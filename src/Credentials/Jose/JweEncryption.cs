namespace Credentials.Jose;

/// <summary>The content encryption algorithms in use (RFC 7518 §5.3).</summary>
public static class JweEncryption
{
    /// <summary>AES-GCM with a 128-bit key.</summary>
    public const string A128Gcm = "A128GCM";

    /// <summary>AES-GCM with a 256-bit key.</summary>
    public const string A256Gcm = "A256GCM";

    /// <summary>Both, the stronger first.</summary>
    public static IReadOnlyList<string> All { get; } = [A256Gcm, A128Gcm];

    internal static int? KeyLength(string enc) => enc switch { A128Gcm => 16, A256Gcm => 32, _ => null };
}
