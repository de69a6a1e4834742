using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Issuer.Keys;

/// <summary>The key that wallets encrypt requests to (OpenID4VCI §10), in the data folder's keys; a fresh folder gets a new one.</summary>
internal sealed class EncryptionKey : IDisposable
{
    private readonly SoftwareKeyAgreementKey _key;

    private EncryptionKey(SoftwareKeyAgreementKey key)
    {
        _key = key;
        Id = StrictBase64Url.Encode(Jwk.Thumbprint(key.PublicKey));
    }

    internal IKeyAgreementKey Key => _key;

    /// <summary>Its <c>kid</c>: the RFC 7638 thumbprint.</summary>
    internal string Id { get; }

    internal static EncryptionKey LoadOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "keys", "request-encryption.jwk.json");
        if (!File.Exists(path))
            Create(path);
        try
        {
            return new EncryptionKey(SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ParseObject(File.ReadAllBytes(path))));
        }
        catch (CredentialException e)
        {
            throw new IssuerStartException("keys/request-encryption.jwk.json is not a private P-256 key.", e);
        }
    }

    public void Dispose() => _key.Dispose();

    // Written aside and moved in one step: of two replicas that start at once, one is first and both use its key.
    private static void Create(string path)
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        var aside = $"{path}.{Secrets.NewId()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(aside, options))
        {
            stream.Write(StrictJson.ToUtf8(key.ExportPrivateJwk()));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }
}
