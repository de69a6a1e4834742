using System.Security.Cryptography;
using System.Text;

namespace Credentials.Keys.Pkcs11;

/// <summary>
/// A token of a hardware security module or the like, reached through its PKCS #11 library: makes and keeps signing keys for ECDSA.
/// It may be shared by several processes, and by several threads of this one. Each request ends within <see cref="Pkcs11Options.Timeout"/>,
/// whatever the token does; a token that went away is found again by a later request.
/// </summary>
public sealed class Pkcs11Token : IDisposable
{
    private const int MaxLabel = 128;
    private const int IdLength = 16;

    private readonly Pkcs11Options _options;
    private readonly TokenWorkers _workers;

    /// <summary>Makes the token known; nothing is asked of it yet.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Pkcs11Token(Pkcs11Options options) : this(options, null)
    {
    }

    /// <param name="options">The token.</param>
    /// <param name="before">Called on the thread of a session before each request, in place of a module that takes its time.</param>
    internal Pkcs11Token(Pkcs11Options options, Action? before)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.ModulePath);
        if (Encoding.UTF8.GetByteCount(options.TokenLabel) is 0 or > 32) throw new ArgumentException("A token's label has 1 to 32 bytes.", nameof(options));
        if (options.MaxSessions is < 1 or > 64) throw new ArgumentException("There are 1 to 64 sessions.", nameof(options));
        if (options.Timeout < TimeSpan.FromMilliseconds(10) || options.Timeout > TimeSpan.FromMinutes(5))
            throw new ArgumentException("The timeout is 10 milliseconds to 5 minutes.", nameof(options));
        _options = options;
        _workers = new TokenWorkers(options, before);
    }

    /// <summary>The label it is found by.</summary>
    public string Label => _options.TokenLabel;

    /// <summary>Whether the token is there and takes the PIN.</summary>
    /// <exception cref="KeyUnavailableException">
    /// <c>key.token_unavailable</c>, <c>key.token_timeout</c>, <c>key.token_pin</c>, <c>key.token_pin_locked</c> or <c>key.token_refused</c>.
    /// </exception>
    public Task CheckAsync(CancellationToken cancellationToken = default) => _workers.RunAsync((_, _) => true, cancellationToken);

    /// <summary>Makes a key pair in the token: sensitive, not extractable, for signatures only, and tried out.</summary>
    /// <param name="algorithm">One for ECDSA.</param>
    /// <param name="label">The label of both halves, for people and for <see cref="ListAsync"/>. 1 to 128 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Ends the wait; a key that is made after that is destroyed.</param>
    /// <inheritdoc cref="CheckAsync" path="/exception"/>
    public async Task<Pkcs11SigningKey> GenerateAsync(SignatureAlgorithm algorithm, string label, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (algorithm.Curve is null) throw new NotSupportedCredentialException(KeyCodes.NotSupported, "A token makes keys for ECDSA only.");
        RequireLabel(label);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength));
        var key = await _workers.RunAsync(
            (session, isGivenUp) =>
            {
                var made = session.Generate(algorithm, id, label);
                // Nobody waits for it any more, and nobody would know its id.
                if (isGivenUp()) session.Delete(id);
                return made;
            },
            cancellationToken).ConfigureAwait(false);
        return new Pkcs11SigningKey(this, id, key);
    }

    /// <summary>A key that was made earlier. The token is asked when it signs.</summary>
    /// <param name="id">Its <see cref="Pkcs11SigningKey.Id"/>.</param>
    /// <param name="publicKey">Its public half, kept beside the id.</param>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>: no such id can be.</exception>
    public Pkcs11SigningKey GetKey(string id, PublicKey publicKey)
    {
        ArgumentNullException.ThrowIfNull(publicKey);
        return IsId(id) ? new Pkcs11SigningKey(this, id, publicKey) : throw new MalformedDataException(KeyCodes.Invalid, "Not the id of a key in a token.");
    }

    /// <summary>Signs data, for a caller who keeps no more of a key than its id. The signature is r and s side by side.</summary>
    /// <param name="id">The key's <see cref="Pkcs11SigningKey.Id"/>.</param>
    /// <param name="algorithm">The one it was made for.</param>
    /// <param name="data">The data, not its hash.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KeyUnavailableException">As for <see cref="CheckAsync"/>, or <c>key.token_key_missing</c>.</exception>
    public Task<byte[]> SignAsync(string id, SignatureAlgorithm algorithm, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (!IsId(id)) throw new KeyUnavailableException(KeyCodes.TokenKeyMissing, "Not the id of a key in a token.");
        var hash = CryptographicOperations.HashData(algorithm.Hash, data.Span);
        return _workers.RunAsync((session, _) => session.Sign(id, algorithm, hash), cancellationToken);
    }

    /// <summary>Whether the token has the private key.</summary>
    /// <inheritdoc cref="CheckAsync" path="/exception"/>
    public Task<bool> ContainsAsync(string id, CancellationToken cancellationToken = default) => DoAsync(id, session => session.Require(id), cancellationToken);

    /// <summary>The ids of the private keys with a label.</summary>
    /// <inheritdoc cref="CheckAsync" path="/exception"/>
    public Task<IReadOnlyList<string>> ListAsync(string label, CancellationToken cancellationToken = default)
    {
        RequireLabel(label);
        return _workers.RunAsync((session, _) => session.List(label), cancellationToken);
    }

    /// <summary>Destroys a key; nothing happens when it is not there.</summary>
    /// <inheritdoc cref="CheckAsync" path="/exception"/>
    public Task DeleteAsync(string id, CancellationToken cancellationToken = default) => DoAsync(id, session => session.Delete(id), cancellationToken);

    /// <summary>Lets go of the sessions; requests that wait end as unavailable, calls under way are waited for, for two seconds at most. The library stays loaded.</summary>
    public void Dispose() => _workers.Dispose();

    /// <summary>Does something to a key; false: it is not there.</summary>
    private async Task<bool> DoAsync(string id, Action<CryptokiSession> work, CancellationToken ct)
    {
        if (!IsId(id)) return false;
        try
        {
            return await _workers.RunAsync(
                (session, _) =>
                {
                    work(session);
                    return true;
                },
                ct).ConfigureAwait(false);
        }
        catch (KeyUnavailableException e) when (e.Code == KeyCodes.TokenKeyMissing)
        {
            return false;
        }
    }

    private static bool IsId(string id) => id is { Length: > 0 and <= 128 } && id.Length % 2 == 0 && id.All(char.IsAsciiHexDigitLower);

    private static void RequireLabel(string label)
    {
        if (Encoding.UTF8.GetByteCount(label) is 0 or > MaxLabel) throw new ArgumentException("A label has 1 to 128 bytes.", nameof(label));
    }
}
