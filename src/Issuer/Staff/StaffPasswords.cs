using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using NSec.Cryptography;

namespace Credentials.Issuer.Staff;

/// <summary>Password hashes by Argon2id (RFC 9106). What is stored names its own parameters, so that they can be raised later.</summary>
internal static class StaffPasswords
{
    /// <summary>NIST SP 800-63B §3.1.1.2 asks for 8 at least; nobody looks a passphrase of 12 up in a list of the usual ones.</summary>
    internal const int MinLength = 12;

    internal const int MaxLength = 128;

    private const int SaltLength = 16;
    private const int HashLength = 32;

    // Above what OWASP's Password Storage Cheat Sheet asks (19 MiB, 2 passes).
    private const int MemoryKib = 32 * 1024;
    private const int Passes = 3;

    // Each takes its memory: more than two at a time would be a way to exhaust it.
    private static readonly SemaphoreSlim _turn = new(2, 2);
    private static readonly byte[] _nobody = Pack(MemoryKib, Passes, new byte[SaltLength], new byte[HashLength]);

    internal static string NewPassword() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(15));

    internal static async Task<byte[]> HashAsync(string password, CancellationToken ct)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return Pack(MemoryKib, Passes, salt, await DeriveAsync(password, salt, MemoryKib, Passes, ct));
    }

    /// <summary>Takes as long for a name that nobody has (<paramref name="stored"/> null).</summary>
    internal static async Task<bool> VerifyAsync(string password, byte[]? stored, CancellationToken ct)
    {
        var packed = stored ?? _nobody;
        var memory = BinaryPrimitives.ReadInt32BigEndian(packed);
        var hash = await DeriveAsync(password, packed.AsSpan(5, SaltLength).ToArray(), memory, packed[4], ct);
        return Secrets.Same(hash, packed.AsSpan(5 + SaltLength)) && stored is not null;
    }

    private static async Task<byte[]> DeriveAsync(string password, byte[] salt, int memory, int passes, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = memory, NumberOfPasses = passes };
            var secret = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
            return PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveBytes(secret, salt, HashLength);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static byte[] Pack(int memory, int passes, byte[] salt, byte[] hash)
    {
        var packed = new byte[5 + SaltLength + HashLength];
        BinaryPrimitives.WriteInt32BigEndian(packed, memory);
        packed[4] = (byte)passes;
        salt.CopyTo(packed, 5);
        hash.CopyTo(packed, 5 + SaltLength);
        return packed;
    }
}
