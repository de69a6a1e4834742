using Credentials.Issuer.Http;
using Credentials.Keys;
using Credentials.OpenId4Vci;
using Credentials.Trust;

namespace Credentials.Issuer.Authorization;

/// <summary>Who may vouch for wallets and for their keys: the configured files, read once, and nobody else.</summary>
internal sealed class AttestationTrust
{
    /// <summary>Algorithms of wallet attestations, key attestations and their proofs.</summary>
    internal static IReadOnlyList<string> Algorithms { get; } =
        [SignatureAlgorithm.Es256.JoseName, SignatureAlgorithm.Es384.JoseName, SignatureAlgorithm.Es512.JoseName, SignatureAlgorithm.EdDsa.JoseName];

    private readonly TrustStore _wallets;
    private readonly TrustStore _keys;
    private readonly IssuerOptions _options;

    internal AttestationTrust(IssuerOptions options)
    {
        _options = options;
        _wallets = Read(options.WalletProviderTrust, TrustPurpose.WalletProvider);
        _keys = Read(options.KeyAttesterTrust, TrustPurpose.KeyAttester);
    }

    /// <summary>True when wallets can authenticate by attestation.</summary>
    internal bool ServesWallets => _wallets.Anchors.Count > 0;

    /// <summary>The store that vouches for an attestation's own status list.</summary>
    internal TrustStore All => _wallets.With(_keys);

    internal AttestationExpectations ForWallets(DateTimeOffset now) => Expect(_wallets, now);

    /// <summary>What keys for this type must be attested with; null: nothing.</summary>
    internal AttestationExpectations? ForKeys(string configurationId, DateTimeOffset now) =>
        _options.KeyAttestations.TryGetValue(configurationId, out var levels)
            ? Expect(_keys, now) with { KeyStorage = levels.KeyStorage, UserAuthentication = levels.UserAuthentication, MaxKeys = _options.BatchSize }
            : null;

    private AttestationExpectations Expect(TrustStore trust, DateTimeOffset now) =>
        new() { Trust = trust, Algorithms = Algorithms, Now = now, ChainRequired = true };

    // The same authority signs the status lists of its attestations (Token Status List §11.3).
    private static TrustStore Read(string? file, TrustPurpose purpose)
    {
        if (file is null)
            return TrustStore.Empty;
        try
        {
            return TrustStore.FromPem(File.ReadAllText(file), purpose | TrustPurpose.StatusSigner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MalformedDataException)
        {
            throw new IssuerStartException($"The trust file {file} cannot be read or has something else than certificates in it.", e);
        }
    }
}
