using System.Security.Cryptography;

namespace Credentials.Benchmarks;

/// <summary>The limits: P-256 as the platform has it, and nothing around it.</summary>
internal static class Signatures
{
    private static readonly byte[] s_data = RandomNumberGenerator.GetBytes(500);
    private static readonly ECDsa s_key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly ECParameters s_public = s_key.ExportParameters(false);
    private static readonly byte[] s_signature = s_key.SignData(s_data, HashAlgorithmName.SHA256);

    public static Operation Sign { get; } = new("P-256 sign", () => s_key.SignData(s_data, HashAlgorithmName.SHA256));

    public static Operation Verify { get; } = new("P-256 verify, key object at hand", () => s_key.VerifyData(s_data, s_signature, HashAlgorithmName.SHA256));

    public static Operation VerifyImported { get; } = new("P-256 verify, key imported from x and y", () =>
    {
        using var key = ECDsa.Create(s_public);
        key.VerifyData(s_data, s_signature, HashAlgorithmName.SHA256);
    });
}
