using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Credentials.Codecs;

/// <summary>
/// Hashes of the short octets that credentials have many of: disclosures, data elements, quads. What .NET asks of OpenSSL 3 for each of them makes
/// and frees objects, which costs five times the SHA-256 of a hundred octets. On Linux that one is asked of the functions below them, with its state
/// on the stack; everything else, and every other platform, goes through .NET. Where OpenSSL is bound to a FIPS module, so does this.
/// </summary>
internal static partial class ShortHash
{
    // The garbage collector waits for a call that does not tell it: half a microsecond at this length.
    private const int Longest = 1024;
    private const string Library = "libcrypto.so.3";

    private static readonly bool s_isDirect = OperatingSystem.IsLinux() && IsHere();

    /// <summary>Writes the hash to the start of <paramref name="destination"/>, and returns its length in octets.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="CryptographicException">The platform does not know the algorithm.</exception>
    public static int HashData(HashAlgorithmName algorithm, ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (!s_isDirect || data.Length > Longest || destination.Length < SHA256.HashSizeInBytes || algorithm != HashAlgorithmName.SHA256)
            return CryptographicOperations.HashData(algorithm, data, destination);
        return Direct(data, destination);
    }

    private static int Direct(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Unsafe.SkipInit(out State state);
        if (SHA256_Init(ref state) != 1 || SHA256_Update(ref state, data, data.Length) != 1 || SHA256_Final(destination, ref state) != 1)
            throw new CryptographicException("OpenSSL does not hash.");
        return SHA256.HashSizeInBytes;
    }

    [SupportedOSPlatform("linux")]
    private static bool IsHere()
    {
        if (SafeEvpPKeyHandle.OpenSslVersion >> 28 != 3 || !NativeLibrary.TryLoad(Library, out var library)) return false;
        foreach (var name in (ReadOnlySpan<string>)[nameof(SHA256_Init), nameof(SHA256_Update), nameof(SHA256_Final), nameof(EVP_default_properties_is_fips_enabled)])
        {
            // A build without deprecated functions has not the first three.
            if (!NativeLibrary.TryGetExport(library, name, out _)) return false;
        }

        if (EVP_default_properties_is_fips_enabled(0) != 0) return false;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Direct("abc"u8, hash);
        return hash.SequenceEqual(SHA256.HashData("abc"u8));
    }

    /// <summary>SHA256_CTX: 112 octets throughout OpenSSL 3, and some to spare.</summary>
    [InlineArray(16)]
    private struct State
    {
        private ulong _first;
    }

    [LibraryImport(Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SHA256_Init(ref State state);

    [LibraryImport(Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SHA256_Update(ref State state, ReadOnlySpan<byte> data, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SHA256_Final(Span<byte> hash, ref State state);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int EVP_default_properties_is_fips_enabled(nint context);
}
