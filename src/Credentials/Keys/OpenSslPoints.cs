using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Credentials.Keys;

/// <summary>
/// Makes EC public keys of points through the OpenSSL 3 that .NET itself uses on Linux. <see cref="ECDsa.Create(ECParameters)"/> costs twice
/// a verification there, most of it for multiplying the point by the group's order. OpenSSL's own import checks that the coordinates are in
/// range and on the curve; for groups of cofactor 1, which all of ours are, that is the whole check: every such point has the full order
/// (NIST SP 800-56A Rev. 3 §5.6.2.3.3, §5.6.2.3.4).
/// </summary>
internal static partial class OpenSslPoints
{
    private const string Library = "libcrypto.so.3";

    private static readonly bool s_isHere = OperatingSystem.IsLinux() && IsUsed() && NativeLibrary.TryLoad(Library, out _);

    /// <summary>A key of each curve, whose parameters others copy; by object identifier.</summary>
    private static readonly ConcurrentDictionary<string, SafeEvpPKeyHandle> s_models = new(StringComparer.Ordinal);

    /// <summary>The key; null where this way is not open.</summary>
    /// <exception cref="CryptographicException">Not a point of the curve.</exception>
    public static ECDsa? TryImport(ECCurve curve, byte[] x, byte[] y)
    {
        if (!OperatingSystem.IsLinux() || !s_isHere) return null;
        using var key = Import(curve, x, y);
        return new ECDsaOpenSsl(key);
    }

    /// <summary>The same for key agreement.</summary>
    /// <exception cref="CryptographicException">Not a point of the curve.</exception>
    public static ECDiffieHellman? TryImportForAgreement(ECCurve curve, byte[] x, byte[] y)
    {
        if (!OperatingSystem.IsLinux() || !s_isHere) return null;
        using var key = Import(curve, x, y);
        return new ECDiffieHellmanOpenSsl(key);
    }

    [SupportedOSPlatform("linux")]
    private static SafeEvpPKeyHandle Import(ECCurve curve, byte[] x, byte[] y)
    {
        if (!s_models.TryGetValue(curve.Oid.Value!, out var model)) model = s_models.GetOrAdd(curve.Oid.Value!, ModelOf(curve));
        // SEC 1 §2.3.3: uncompressed.
        byte[] point = [4, .. x, .. y];
        var key = new SafeEvpPKeyHandle(EVP_PKEY_new(), ownsHandle: true);
        if (EVP_PKEY_copy_parameters(key, model) == 1 && EVP_PKEY_set1_encoded_public_key(key, point, point.Length) == 1)
            return key;
        key.Dispose();
        throw new CryptographicException("OpenSSL does not take the point.");
    }

    [SupportedOSPlatform("linux")]
    private static bool IsUsed() => SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3;

    // Read as DER, which gives a key of OpenSSL's provider. Those that .NET makes are of the older kind, which is converted at each first use.
    [SupportedOSPlatform("linux")]
    private static SafeEvpPKeyHandle ModelOf(ECCurve curve)
    {
        using var any = ECDsa.Create(curve);
        var der = any.ExportSubjectPublicKeyInfo();
        var pinned = GCHandle.Alloc(der, GCHandleType.Pinned);
        try
        {
            var at = pinned.AddrOfPinnedObject();
            return new SafeEvpPKeyHandle(d2i_PUBKEY(0, ref at, der.Length), ownsHandle: true);
        }
        finally
        {
            pinned.Free();
        }
    }

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EVP_PKEY_new();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_copy_parameters(SafeEvpPKeyHandle to, SafeEvpPKeyHandle from);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_set1_encoded_public_key(SafeEvpPKeyHandle key, byte[] point, nint length);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint d2i_PUBKEY(nint into, ref nint from, nint length);
}
