using System.Text;
using Credentials.Keys;
using Credentials.Keys.Pkcs11;

namespace Credentials.Wallet.Core.Keys;

/// <summary>
/// Keys in a PKCS #11 token, which they never leave. The token may be shared; the label tells this wallet's keys from others, and
/// two wallets must not have the same one: each would destroy the other's keys as left over. The keys are made to sign and for nothing else.
/// </summary>
public sealed class Pkcs11SecureArea : ISecureArea
{
    private const int MaxLabel = 100;

    private readonly Pkcs11Token _token;
    private readonly string _label;

    /// <summary>Makes the area; nothing is asked of the token yet.</summary>
    /// <param name="token">The token. The app disposes of it, after the wallet.</param>
    /// <param name="label">The label of this wallet's keys. 1 to 100 bytes of UTF-8.</param>
    public Pkcs11SecureArea(Pkcs11Token token, string label)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (Encoding.UTF8.GetByteCount(label) is 0 or > MaxLabel) throw new ArgumentException("A label has 1 to 100 bytes.", nameof(label));
        (_token, _label) = (token, label);
    }

    /// <inheritdoc/>
    public IReadOnlyList<SignatureAlgorithm> Algorithms { get; } = [SignatureAlgorithm.Es256, SignatureAlgorithm.Es384, SignatureAlgorithm.Es512];

    /// <inheritdoc/>
    public async Task<SecureAreaKey> CreateKeyAsync(SignatureAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        var key = await TypedAsync(() => _token.GenerateAsync(algorithm, LabelOf(algorithm), cancellationToken)).ConfigureAwait(false);
        return new SecureAreaKey(IdOf(algorithm, key.Id), key.PublicKey);
    }

    /// <inheritdoc/>
    public Task<byte[]> SignAsync(string keyId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => TryParse(keyId) is var (algorithm, id)
        ? TypedAsync(() => _token.SignAsync(id, algorithm, data, cancellationToken))
        : throw new KeyUnavailableException(WalletCodes.KeyMissing, "The key is none of this area.");

    /// <inheritdoc/>
    public Task DeleteKeyAsync(string keyId, CancellationToken cancellationToken = default) => TryParse(keyId) is var (_, id)
        ? TypedAsync(async () =>
        {
            await _token.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
            return true;
        })
        : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListKeysAsync(CancellationToken cancellationToken = default)
    {
        var all = new List<string>();
        foreach (var algorithm in Algorithms)
        {
            var ids = await TypedAsync(() => _token.ListAsync(LabelOf(algorithm), cancellationToken)).ConfigureAwait(false);
            all.AddRange(ids.Select(id => IdOf(algorithm, id)));
        }

        return all;
    }

    // The id says the algorithm, which a token does not tell of a private key in one word.
    private static string IdOf(SignatureAlgorithm algorithm, string id) => $"{algorithm.JoseName}.{id}";

    private string LabelOf(SignatureAlgorithm algorithm) => $"{_label} {algorithm.JoseName}";

    private (SignatureAlgorithm Algorithm, string Id)? TryParse(string keyId) =>
        keyId.Split('.') is [var name, var id] && Algorithms.FirstOrDefault(one => one.JoseName == name) is { } algorithm ? (algorithm, id) : null;

    /// <summary>What the token says, in the words of <see cref="ISecureArea"/>; the token's own code is that of the inner exception.</summary>
    private static async Task<T> TypedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (KeyUnavailableException e) when (e.Code is KeyCodes.TokenUnavailable or KeyCodes.TokenTimeout or KeyCodes.TokenPin or KeyCodes.TokenPinLocked)
        {
            throw new KeyUnavailableException(WalletCodes.KeyLocked, "The token that holds the key cannot be used now.", e);
        }
        catch (KeyUnavailableException e) when (e.Code == KeyCodes.TokenKeyMissing)
        {
            throw new KeyUnavailableException(WalletCodes.KeyInvalidated, "The token does not have the key any more.", e);
        }
    }
}
