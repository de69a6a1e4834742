using System.Security.Cryptography;

namespace Credentials.Keys;

/// <summary>A signature algorithm together with the one curve it is used on, so that a key never verifies another algorithm's signature.</summary>
public sealed class SignatureAlgorithm
{
    private SignatureAlgorithm(string joseName, string curveName, int coordinateLength, ECCurve? curve, HashAlgorithmName hash)
    {
        JoseName = joseName;
        CurveName = curveName;
        CoordinateLength = coordinateLength;
        Curve = curve;
        Hash = hash;
    }

    /// <summary>ECDSA on P-256 with SHA-256.</summary>
    public static SignatureAlgorithm Es256 { get; } = new("ES256", "P-256", 32, ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256);

    /// <summary>ECDSA on P-384 with SHA-384.</summary>
    public static SignatureAlgorithm Es384 { get; } = new("ES384", "P-384", 48, ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384);

    /// <summary>ECDSA on P-521 with SHA-512.</summary>
    public static SignatureAlgorithm Es512 { get; } = new("ES512", "P-521", 66, ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512);

    /// <summary>EdDSA on Ed25519 (RFC 8037; RFC 9864 names the same pair <c>Ed25519</c>).</summary>
    public static SignatureAlgorithm EdDsa { get; } = new("EdDSA", "Ed25519", 32, null, default);

    /// <summary>All supported algorithms.</summary>
    public static IReadOnlyList<SignatureAlgorithm> All { get; } = [Es256, Es384, Es512, EdDsa];

    /// <summary>The <c>alg</c> value that we write.</summary>
    public string JoseName { get; }

    /// <summary>The JWK <c>crv</c>.</summary>
    public string CurveName { get; }

    /// <summary>Bytes of one signature (IEEE P1363 form for ECDSA).</summary>
    public int SignatureLength => 2 * CoordinateLength;

    internal int CoordinateLength { get; }

    internal ECCurve? Curve { get; }

    internal HashAlgorithmName Hash { get; }

    /// <summary>The algorithm of a JOSE <c>alg</c> value (case-sensitive), or null if it is not supported.</summary>
    public static SignatureAlgorithm? FromJose(string? name) => name switch
    {
        "ES256" => Es256,
        "ES384" => Es384,
        "ES512" => Es512,
        "EdDSA" or "Ed25519" => EdDsa,
        _ => null,
    };

    internal static SignatureAlgorithm? FromCurve(string? name) => name switch
    {
        "P-256" => Es256,
        "P-384" => Es384,
        "P-521" => Es512,
        "Ed25519" => EdDsa,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => JoseName;
}
