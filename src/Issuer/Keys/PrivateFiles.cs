using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Issuance;
using NSec.Cryptography;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Reads and writes the private files of the key folder. With a passphrase each is AES-256-GCM under a key that Argon2id makes of it with the
/// file's own salt, bound to the file's name; files that are still open are closed when they are read.
/// </summary>
internal sealed class PrivateFiles(string? passphrase)
{
    private const int SaltLength = 16;
    private const int MemoryKib = 64 * 1024;
    private const int Passes = 3;

    private static readonly byte[] _magic = "credentials-private-1\n"u8.ToArray();

    internal static bool IsClosed(ReadOnlySpan<byte> bytes) => bytes.StartsWith(_magic);

    /// <exception cref="IssuerStartException">The file is closed and the passphrase is missing or wrong, or the file was changed.</exception>
    internal byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (!IsClosed(bytes))
        {
            if (passphrase is not null)
                Write(path, bytes);
            return bytes;
        }

        var name = Path.GetFileName(path);
        if (passphrase is null)
            throw new IssuerStartException($"keys/{name} is encrypted: KeyPassphraseFile is needed.");
        if (bytes.Length < _magic.Length + SaltLength + 28)
            throw new IssuerStartException($"keys/{name} is cut off.");
        var salt = bytes.AsSpan(_magic.Length, SaltLength).ToArray();
        try
        {
            return AnswerVault.Open(Key(salt), Encoding.UTF8.GetBytes(name), bytes.AsSpan(_magic.Length + SaltLength));
        }
        catch (CryptographicException)
        {
            throw new IssuerStartException($"keys/{name} cannot be opened: the passphrase is wrong, or the file was changed.");
        }
    }

    internal string ReadText(string path) => Encoding.ASCII.GetString(Read(path));

    /// <summary>Whole or not at all, readable by the owner only.</summary>
    internal void Write(string path, byte[] bytes)
    {
        if (passphrase is not null)
        {
            var salt = RandomNumberGenerator.GetBytes(SaltLength);
            bytes = [.. _magic, .. salt, .. AnswerVault.Seal(Key(salt), Encoding.UTF8.GetBytes(Path.GetFileName(path)), bytes)];
        }

        WriteWhole(path, bytes);
    }

    /// <summary>Whole or not at all, whatever breaks off.</summary>
    internal static void WriteWhole(string path, byte[] bytes)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    internal void Write(string path, string text) => Write(path, Encoding.ASCII.GetBytes(text));

    private string Key(byte[] salt)
    {
        var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = MemoryKib, NumberOfPasses = Passes };
        return StrictBase64Url.Encode(PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveBytes(Encoding.UTF8.GetBytes(passphrase!), salt, 32));
    }
}
