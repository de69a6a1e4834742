using System.Collections.Concurrent;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>A secure area of the platform's kind: outside the wallet file, and not always willing to sign.</summary>
internal sealed class LockableArea : ISecureArea
{
    private readonly ConcurrentDictionary<string, SoftwareSigningKey> _keys = new();

    /// <summary>Why keys cannot be used now; null when they can.</summary>
    public string? Code { get; set; }

    public IReadOnlyList<SignatureAlgorithm> Algorithms { get; } = [SignatureAlgorithm.Es256];

    public Task<SecureAreaKey> CreateKeyAsync(SignatureAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        var id = Guid.NewGuid().ToString();
        var key = _keys[id] = SoftwareSigningKey.Generate(algorithm);
        return Task.FromResult(new SecureAreaKey(id, key.PublicKey));
    }

    public async Task<byte[]> SignAsync(string keyId, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        Code is null ? await _keys[keyId].SignAsync(data, cancellationToken) : throw new KeyUnavailableException(Code, "The area does not sign now.");

    public Task DeleteKeyAsync(string keyId, CancellationToken cancellationToken = default)
    {
        if (_keys.TryRemove(keyId, out var key)) key.Dispose();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListKeysAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<string>>([.. _keys.Keys]);
}
