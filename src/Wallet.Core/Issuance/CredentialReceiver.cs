using Credentials.Keys;
using Credentials.OpenId4Vci;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Migration;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>With an access token at hand: for each document fresh keys, proofs, the request, the checks, and one write.</summary>
internal sealed class CredentialReceiver(WalletContext wallet, IssuanceSession session, AccessGrant access, TrustStore trust, int copies)
{
    private ResolvedOffer Offer => session.Offer;

    private IssuerClient Client => session.Client;

    /// <summary>True once something was kept that needs the access: a deferred document, or one that can be renewed.</summary>
    public bool IsAccessKept { get; private set; }

    /// <summary>Asks for one document and keeps it.</summary>
    /// <param name="replaced">The document whose copies are replaced; null for a new one.</param>
    public async Task<IssuanceOutcome> ReceiveAsync(
        OfferedDocument offered, CredentialRequest request, Document? replaced, CancellationToken cancellationToken)
    {
        var configuration = Offer.Metadata.Configurations[offered.ConfigurationId];
        if (Algorithm(configuration) is not { } algorithm) return NotSupported(offered with { Code = WalletCodes.BindingNotSupported });
        var keys = new List<SecureAreaKey>();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            for (var copy = Math.Min(copies, Offer.Metadata.BatchSize); copy > 0; copy--)
                keys.Add(await wallet.Area.CreateKeyAsync(algorithm, cancellationToken).ConfigureAwait(false));
            var response = await RequestAsync(request, configuration, keys, cancellationToken).ConfigureAwait(false);
            if (response.TransactionId is not null && replaced is not null)
                throw new NotSupportedCredentialException(WalletCodes.RenewalNotSupported, "The issuer would renew the document later, and the wallet does not wait for that.");
            var outcome = response.TransactionId is { } transaction
                ? await DeferAsync(offered, transaction, response, keys, cancellationToken).ConfigureAwait(false)
                : await FinishAsync(offered, response, keys, replaced, null, cancellationToken).ConfigureAwait(false);
            kept.UnionWith(outcome.DeferredId is null ? KeysOf(outcome) : keys.Select(key => key.Id));
            return outcome;
        }
        finally
        {
            // Also when the caller has given up: a key without a credential is of no use to anybody.
            foreach (var key in keys.Where(key => !kept.Contains(key.Id)))
                await wallet.Area.DeleteKeyAsync(key.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Checks what came and stores it, all or nothing.</summary>
    /// <param name="alsoInStep">Written in the same step, whether it is stored or refused: with the document, or with null.</param>
    public async Task<IssuanceOutcome> FinishAsync(
        OfferedDocument offered, CredentialResponse response, IReadOnlyList<SecureAreaKey> keys, Document? replaced,
        Action<StoreTransaction, Document?>? alsoInStep, CancellationToken cancellationToken)
    {
        var configuration = Offer.Metadata.Configurations[offered.ConfigurationId];
        var received = await ReceivedCopies.CheckAsync(response.Credentials, configuration, keys, trust, wallet.Identifiers, wallet.Now, cancellationToken).ConfigureAwait(false);
        if (received.Code is { } code)
        {
            await RefuseAsync(offered, code, alsoInStep, cancellationToken).ConfigureAwait(false);
            await Client.NotifyAsync(access.AccessToken, response.NotificationId, NotificationEvent.Failure, cancellationToken).ConfigureAwait(false);
            return new IssuanceOutcome(offered.ConfigurationId, null, code, received.Reports);
        }
        var document = await StoreAsync(offered, received.Copies, replaced, alsoInStep, cancellationToken).ConfigureAwait(false);
        document = await AddPicturesAsync(document, configuration, received.Copies[0].Held, cancellationToken).ConfigureAwait(false);
        await Client.NotifyAsync(access.AccessToken, response.NotificationId, NotificationEvent.Accepted, CancellationToken.None).ConfigureAwait(false);
        return new IssuanceOutcome(offered.ConfigurationId, document, null, received.Reports);
    }

    /// <summary>Notes that nothing came.</summary>
    public Task RefuseAsync(OfferedDocument offered, string code, Action<StoreTransaction, Document?>? alsoInStep, CancellationToken cancellationToken)
    {
        var entry = Entry(HistoryKind.ReceiptRefused) with { Code = code, Claims = [new HistoryClaims(null, offered.Type, [])] };
        return wallet.Store.WriteAsync(
            transaction =>
            {
                HistoryEntry.Put(transaction, entry);
                alsoInStep?.Invoke(transaction, null);
            },
            cancellationToken);
    }

    public static IssuanceOutcome NotSupported(OfferedDocument document) => new(document.ConfigurationId, null, document.Code, []);

    private static IEnumerable<string> KeysOf(IssuanceOutcome outcome) => outcome.Document?.Credentials.Select(copy => copy.KeyId) ?? [];

    private async Task<IssuanceOutcome> DeferAsync(
        OfferedDocument offered, string transaction, CredentialResponse response, IReadOnlyList<SecureAreaKey> keys, CancellationToken cancellationToken)
    {
        if (Offer.Metadata.DeferredCredentialEndpoint is null)
            throw new NotSupportedCredentialException(WalletCodes.DeferredNotSupported, "The issuer will issue later and does not say where.");
        var deferred = new DeferredIssuance(Offer.Server.Issuer, access, transaction, keys)
        {
            Id = RecordId.New(),
            CredentialIssuer = Offer.CredentialIssuer,
            ConfigurationId = offered.ConfigurationId,
            Names = offered.Names,
            NotBefore = wallet.Now + response.Interval!.Value,
        };
        await wallet.Store.WriteAsync(store => DeferredIssuance.Put(store, deferred), cancellationToken).ConfigureAwait(false);
        IsAccessKept = true;
        return new IssuanceOutcome(offered.ConfigurationId, null, WalletCodes.IssuanceDeferred, []) { DeferredId = deferred.Id };
    }

    private async Task<CredentialResponse> RequestAsync(
        CredentialRequest request, CredentialConfiguration configuration, IReadOnlyList<SecureAreaKey> keys, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var nonce = await Client.RequestNonceAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var proven = await ProveAsync(request, configuration, keys, nonce, cancellationToken).ConfigureAwait(false);
                return await Client.RequestCredentialAsync(access.AccessToken, proven, cancellationToken).ConfigureAwait(false);
            }
            // §8.3.1.2: the nonce may have run out between the two requests; a fresh one is worth one more try.
            catch (ProtocolException error) when (error.Error == OpenId4VciNames.InvalidNonce && !isRetry)
            {
            }
        }
    }

    private async Task<CredentialRequest> ProveAsync(
        CredentialRequest request, CredentialConfiguration configuration, IReadOnlyList<SecureAreaKey> keys, string? nonce, CancellationToken cancellationToken)
    {
        var (type, demanded) = OfferDescription.Proof(configuration, wallet.Options.Attestation is not null)!.Value;
        var attestation = demanded.KeyAttestationRequired || type == OpenId4VciNames.AttestationProof
            ? await wallet.Options.Attestation!.AttestKeysAsync(
                [.. keys.Select(key => key.PublicKey)], nonce, new KeyAttestationDemand(demanded.KeyStorage, demanded.UserAuthentication), cancellationToken).ConfigureAwait(false)
            : null;
        if (type == OpenId4VciNames.AttestationProof) return request with { AttestationProof = attestation };
        var proofs = new List<string>();
        // Appendix F.1: one proof stands for all keys of the attestation in its header.
        foreach (var key in attestation is null ? keys : keys.Take(1))
        {
            proofs.Add(await KeyProof.CreateAsync(
                new SecureAreaSigningKey(wallet.Area, key), Offer.CredentialIssuer, nonce, access.ProofClientId, wallet.Now, attestation, cancellationToken)
                .ConfigureAwait(false));
        }
        return request with { JwtProofs = proofs };
    }

    private SignatureAlgorithm? Algorithm(CredentialConfiguration configuration) =>
        OfferDescription.Proof(configuration, wallet.Options.Attestation is not null) is { } proof
            ? wallet.Area.Algorithms.FirstOrDefault(algorithm => proof.Metadata.Algorithms.Contains(algorithm.JoseName))
            : null;

    private async Task<Document> StoreAsync(
        OfferedDocument offered, IReadOnlyList<ReceivedCopy> received, Document? replaced, Action<StoreTransaction, Document?>? alsoInStep, CancellationToken cancellationToken)
    {
        var document = NewDocument(offered, received, replaced);
        var artwork = new Artwork(null, null, Offer.IssuerLogo, null);
        var entry = Entry(replaced is null ? HistoryKind.Received : HistoryKind.Renewed) with
        {
            Claims = [new HistoryClaims(document.Id, document.Type, received[0].Held.ClaimPaths)],
        };
        document = await wallet.Store.WriteAsync(
            transaction =>
            {
                // Read again: what the holder has deleted meanwhile does not come back.
                var stored = replaced is null
                    ? DocumentShelf.Put(transaction, document, artwork)
                    : DocumentShelf.Replace(transaction, DocumentShelf.Find(transaction, replaced.Id) ?? throw new InvalidOperationException("The document was deleted."), document, artwork);
                if (access.RefreshToken is not null)
                    RenewalGrant.Put(transaction, document.Id, new RenewalGrant(Offer.Server.Issuer, offered.ConfigurationId, copies, access));
                HistoryEntry.Put(transaction, entry);
                if (replaced is null) DocumentToReissue.Settle(transaction, stored);
                else WalletEvent.Put(transaction, WalletEvent.New(WalletEventKind.Renewed, stored, wallet.Now));
                alsoInStep?.Invoke(transaction, stored);
                return stored;
            },
            cancellationToken).ConfigureAwait(false);
        IsAccessKept |= access.RefreshToken is not null;
        return document;
    }

    /// <summary>Adds the pictures that take requests of their own, in a step of its own: nothing that happens to them can happen to the document.</summary>
    private async Task<Document> AddPicturesAsync(Document document, CredentialConfiguration configuration, HeldCredential held, CancellationToken cancellationToken)
    {
        try
        {
            var (http, issuer) = (wallet.Options.Http, Offer.CredentialIssuer);
            var (card, type) = await CardPicture.DrawAsync(wallet, issuer, configuration, held, cancellationToken).ConfigureAwait(false);
            // What the issuer says of its own document goes before what the type says; a card that is drawn has its background.
            var logo = await LogoReader.ReadAsync(http, issuer, configuration.Display, cancellationToken).ConfigureAwait(false)
                ?? await LogoReader.ReadAsync(http, issuer, type, cancellationToken).ConfigureAwait(false);
            var background = card is not null ? null
                : await LogoReader.ReadBackgroundAsync(http, issuer, configuration.Display, cancellationToken).ConfigureAwait(false)
                ?? await LogoReader.ReadBackgroundAsync(http, issuer, type, cancellationToken).ConfigureAwait(false);
            var artwork = new Artwork(card, logo, null, background);
            if (artwork is { Card: null, Logo: null, Background: null }) return document;
            return await wallet.Store.WriteAsync(transaction => DocumentShelf.AddPictures(transaction, document.Id, artwork), cancellationToken).ConfigureAwait(false) ?? document;
        }
        catch (Exception e) when (e is OperationCanceledException or CredentialException)
        {
            return document;
        }
    }

    private Document NewDocument(OfferedDocument offered, IReadOnlyList<ReceivedCopy> received, Document? replaced)
    {
        var id = replaced?.Id ?? RecordId.New();
        var candidate = received[0].Held.ToCandidate(id);
        return new Document
        {
            MatchedFormat = candidate.Format,
            MatchedTypes = [.. candidate.Types],
            Id = id,
            Format = offered.Format,
            Type = offered.Type!,
            CredentialIssuer = Offer.CredentialIssuer,
            ConfigurationId = offered.ConfigurationId,
            IssuerNames = Offer.IssuerNames,
            Names = offered.Names,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(wallet.Now.ToUnixTimeMilliseconds()),
            Labels = offered.Labels,
            Colors = offered.Colors,
            Reuse = wallet.Options.ReusePolicyFor?.Invoke(Offer.CredentialIssuer, offered.ConfigurationId)
                ?? ReusePolicy.StatedBy(Offer.Metadata.Configurations[offered.ConfigurationId]),
            Credentials = [.. received.Select(copy => new StoredCredential(copy.Text, copy.Key)
            {
                Id = RecordId.New(),
                DocumentId = id,
                ValidFrom = copy.Held.ValidFrom,
                ExpiresAt = copy.Held.ExpiresAt,
                TimesPresented = 0,
            })],
        };
    }

    private HistoryEntry Entry(HistoryKind kind) => HistoryEntry.New(kind, wallet.Options.Time) with
    {
        Party = Offer.CredentialIssuer,
        PartyNames = Offer.IssuerNames,
        IsPartyTrusted = Offer.IsIssuerTrusted,
    };
}
