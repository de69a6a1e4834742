using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Pkcs11;
using Credentials.Keys.Software;

namespace Credentials.Issuer.Keys;

/// <summary>
/// The private keys of the key folder, each by a name. NAME.key.pem is one; NAME.key.json says of one in a token by what id it is found there,
/// and its public half. New ones are made in the token where there is one; those in files stay in use until they are followed.
/// </summary>
internal sealed class PrivateKeys(string folder, PrivateFiles files, Pkcs11Token? token) : IDisposable
{
    /// <summary>A new key that is not kept yet.</summary>
    /// <exception cref="KeyUnavailableException">The token does not make one now.</exception>
    internal async Task<ISigningKey> MakeAsync(string name, CancellationToken ct) => token is null
        ? SoftwareSigningKey.Generate(SignatureAlgorithm.Es256)
        : await token.GenerateAsync(SignatureAlgorithm.Es256, name, ct);

    /// <summary>Keeps a key under a name.</summary>
    internal void Keep(string name, ISigningKey key)
    {
        if (key is Pkcs11SigningKey held)
            PrivateFiles.WriteWhole(ReferencePath(name), StrictJson.ToUtf8(new JsonObject { ["token"] = token!.Label, ["id"] = held.Id, ["jwk"] = Jwk.Write(held.PublicKey) }));
        else
            files.Write(FilePath(name), ((SoftwareSigningKey)key).ExportPkcs8Pem() + "\n");
    }

    /// <summary>Lets go of a key that was made and is not to be kept.</summary>
    internal async Task DiscardAsync(ISigningKey key)
    {
        Release(key);
        if (key is not Pkcs11SigningKey held)
            return;
        try
        {
            await token!.DeleteAsync(held.Id);
        }
        catch (KeyUnavailableException)
        {
            // It stays in the token, certified by nobody.
        }
    }

    internal bool Has(string name) => File.Exists(ReferencePath(name)) || File.Exists(FilePath(name));

    /// <summary>The key of that name. A token is asked when it signs, not before.</summary>
    /// <exception cref="IssuerStartException">It is missing, damaged, or in a token that is not configured.</exception>
    internal ISigningKey Read(string name)
    {
        try
        {
            return File.Exists(ReferencePath(name)) ? ReadReference(name) : SoftwareSigningKey.FromPkcs8Pem(files.ReadText(FilePath(name)));
        }
        catch (Exception e) when (e is CredentialException or FileNotFoundException)
        {
            throw new IssuerStartException($"keys/{name}.key.pem or .key.json is missing or no private key.", e);
        }
    }

    /// <summary>Destroys a key; nothing happens when it is not there.</summary>
    /// <param name="name">The key's.</param>
    /// <param name="tell">Done when nothing can stop it any more, and before the folder has forgotten the key.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="KeyUnavailableException">The token does not do it now; what leads to the key stays, for another try.</exception>
    internal async Task DeleteAsync(string name, Func<Task>? tell, CancellationToken ct)
    {
        if (File.Exists(ReferencePath(name)))
            await token!.DeleteAsync(ReadReference(name).Id, ct);
        if (tell is not null)
            await tell();
        File.Delete(ReferencePath(name));
        DeleteFile(name);
    }

    /// <summary>Destroys a key in a file; one in a token stays.</summary>
    internal void DeleteFile(string name) => File.Delete(FilePath(name));

    /// <summary>Whether the token is there and has these keys, as far as they are any of its own.</summary>
    /// <exception cref="KeyUnavailableException">It is not, or has not.</exception>
    internal async Task CheckTokenAsync(IEnumerable<ISigningKey> keys, CancellationToken ct)
    {
        if (token is null)
            return;
        await token.CheckAsync(ct);
        foreach (var key in keys.OfType<Pkcs11SigningKey>())
        {
            if (!await token.ContainsAsync(key.Id, ct))
                throw new KeyUnavailableException(KeyCodes.TokenKeyMissing, "A signing key is not in the token.");
        }
    }

    public void Dispose() => token?.Dispose();

    /// <summary>Clears a key of the memory; one in a token is not there.</summary>
    internal static void Release(ISigningKey? key) => (key as IDisposable)?.Dispose();

    private Pkcs11SigningKey ReadReference(string name)
    {
        var json = StrictJson.ParseObject(File.ReadAllBytes(ReferencePath(name)));
        if (token is null || json.RequireString("token") != token.Label)
            throw Elsewhere(name);
        return token.GetKey(json.RequireString("id"), Jwk.ParsePublic(json.RequireObjectMember("jwk")));
    }

    private static IssuerStartException Elsewhere(string name) => new($"keys/{name}.key.json leads to a key in a token that the settings of Pkcs11 do not name.");

    private string FilePath(string name) => Path.Combine(folder, name + ".key.pem");

    private string ReferencePath(string name) => Path.Combine(folder, name + ".key.json");
}
