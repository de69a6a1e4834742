using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Credentials.Keys;

/// <summary>
/// EC keys through the OpenSSL 3 that .NET itself uses on Linux. <see cref="ECDsa.Create(ECParameters)"/> costs twice a verification there, and
/// each agreement as much again, most of it for multiplying the point by the group's order. OpenSSL's own import checks that the coordinates are
/// in range and on the curve; for groups of cofactor 1, which all of ours are, that is the whole check: every such point has the full order
/// (NIST SP 800-56A Rev. 3 §5.6.2.3.3, §5.6.2.3.4).
/// </summary>
internal static partial class OpenSslEc
{
    private const string Library = "libcrypto.so.3";

    /// <summary>EVP_PKEY_KEYPAIR of openssl/evp.h.</summary>
    private const int KeyPair = 0x87;

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

    /// <summary>A fresh key for key agreement, in a fifth of the platform's time; null where this way is not open.</summary>
    public static ECDiffieHellman? TryGenerate(ECCurve curve)
    {
        if (!OperatingSystem.IsLinux() || !s_isHere) return null;
        var context = EVP_PKEY_CTX_new_from_pkey(0, ModelFor(curve), 0);
        try
        {
            nint made = 0;
            if (EVP_PKEY_keygen_init(context) != 1 || EVP_PKEY_generate(context, ref made) != 1) throw new CryptographicException("OpenSSL makes no key.");
            using SafeEvpPKeyHandle key = new(made, ownsHandle: true);
            return new ECDiffieHellmanOpenSsl(key);
        }
        finally
        {
            EVP_PKEY_CTX_free(context);
        }
    }

    /// <summary>The shared secret with a point that was checked when it was imported; null where this way is not open.</summary>
    /// <exception cref="CryptographicException">The keys are not of one curve.</exception>
    public static byte[]? TryDerive(ECDiffieHellman key, ECDiffieHellman peer)
    {
        if (!OperatingSystem.IsLinux() || !s_isHere || key is not ECDiffieHellmanOpenSsl own || peer is not ECDiffieHellmanOpenSsl other) return null;
        using SafeEvpPKeyHandle mine = own.DuplicateKeyHandle(), theirs = other.DuplicateKeyHandle();
        var context = EVP_PKEY_CTX_new_from_pkey(0, mine, 0);
        try
        {
            var secret = new byte[(key.KeySize + 7) / 8];
            nint length = secret.Length;
            return EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer_ex(context, theirs, 0) == 1
                && EVP_PKEY_derive(context, secret, ref length) == 1 && length == secret.Length
                ? secret
                : throw new CryptographicException("OpenSSL derives no secret.");
        }
        finally
        {
            EVP_PKEY_CTX_free(context);
        }
    }

    /// <summary>A private P-256 key for key agreement and its public half; null where this way is not open.</summary>
    /// <param name="d">32 bytes, as <paramref name="x"/> and <paramref name="y"/>.</param>
    /// <param name="x">Of the public half.</param>
    /// <param name="y">Of the public half.</param>
    /// <param name="checkPair">Whether to look if the halves belong together, which costs three times the rest.</param>
    /// <exception cref="CryptographicException">Not a private key, or not its point.</exception>
    public static unsafe ECDiffieHellman? TryImportForAgreement(byte[] d, byte[] x, byte[] y, bool checkPair)
    {
        if (!OperatingSystem.IsLinux() || !s_isHere) return null;
        // OpenSSL takes numbers in the machine's order of bytes.
        var number = d.ToArray();
        if (BitConverter.IsLittleEndian) number.AsSpan().Reverse();
        nint into = EVP_PKEY_CTX_new_from_pkey(0, ModelFor(ECCurve.NamedCurves.nistP256), 0), check = 0, made = 0;
        try
        {
            fixed (byte* group = "prime256v1\0"u8, point = (byte[])[4, .. x, .. y], scalar = number, groupName = "group\0"u8, publicName = "pub\0"u8, privateName = "priv\0"u8)
            {
                Parameter* parameters = stackalloc Parameter[]
                {
                    new(groupName, Parameter.Text, group, 10), new(publicName, Parameter.Bytes, point, 1 + x.Length + y.Length),
                    new(privateName, Parameter.Unsigned, scalar, number.Length), default,
                };
                if (EVP_PKEY_fromdata_init(into) != 1 || EVP_PKEY_fromdata(into, ref made, KeyPair, parameters) != 1) throw new CryptographicException("OpenSSL does not take the key.");
            }

            using SafeEvpPKeyHandle key = new(made, ownsHandle: true);
            if (checkPair && EVP_PKEY_pairwise_check(check = EVP_PKEY_CTX_new_from_pkey(0, key, 0)) != 1) throw new CryptographicException("The point is another key's.");
            return new ECDiffieHellmanOpenSsl(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(number);
            EVP_PKEY_CTX_free(into);
            EVP_PKEY_CTX_free(check);
        }
    }

    [SupportedOSPlatform("linux")]
    private static SafeEvpPKeyHandle ModelFor(ECCurve curve) =>
        s_models.TryGetValue(curve.Oid.Value!, out var model) ? model : s_models.GetOrAdd(curve.Oid.Value!, ModelOf(curve));

    [SupportedOSPlatform("linux")]
    private static SafeEvpPKeyHandle Import(ECCurve curve, byte[] x, byte[] y)
    {
        var model = ModelFor(curve);
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

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint EVP_PKEY_CTX_new_from_pkey(nint library, SafeEvpPKeyHandle key, nint properties);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_keygen_init(nint context);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_generate(nint context, ref nint key);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_fromdata_init(nint context);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int EVP_PKEY_fromdata(nint context, ref nint key, int selection, Parameter* parameters);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_pairwise_check(nint context);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_derive_init(nint context);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_derive_set_peer_ex(nint context, SafeEvpPKeyHandle peer, int validate);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_PKEY_derive(nint context, byte[] secret, ref nint length);

    /// <summary>OSSL_PARAM of openssl/core.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly unsafe struct Parameter(byte* name, uint type, byte* value, nint length)
    {
        public const uint Unsigned = 2, Text = 4, Bytes = 5;

        private readonly byte* _name = name;
        private readonly uint _type = type;
        private readonly byte* _value = value;
        private readonly nint _length = length;
        private readonly nint _returned;
    }
}
