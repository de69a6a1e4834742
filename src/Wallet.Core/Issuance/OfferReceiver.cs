using Credentials.Keys;
using Credentials.OpenId4Vci;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>Carries out an accepted offer: token, then for each document fresh keys, proofs, the request, the checks, and one write.</summary>
internal sealed class OfferReceiver(WalletContext wallet, ResolvedOffer offer, OfferAcceptance acceptance)
{
    // §6.2: an authorization server may name several data sets for one document; nobody has this many.
    private const int MaxIdentifiers = 10;

    private readonly IssuerClient _issuer = new(wallet.Options.Http, offer.Metadata);

    public async Task<IReadOnlyList<IssuanceOutcome>> ReceiveAsync(CancellationToken cancellationToken)
    {
        var wanted = Wanted();
        var transactionCode = TransactionCode();
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        if (wanted.All(document => document.Code is not null)) return [.. wanted.Select(NotSupported)];
        var token = await _issuer.RequestTokenAsync(
            offer.TokenEndpoint, new TokenRequest { PreAuthorizedCode = offer.Grant.Code, TxCode = transactionCode }, cancellationToken)
            .ConfigureAwait(false);
        var outcomes = new List<IssuanceOutcome>();
        foreach (var document in wanted)
        {
            if (document.Code is not null)
            {
                outcomes.Add(NotSupported(document));
                continue;
            }
            foreach (var request in Requests(document.ConfigurationId, token))
                outcomes.Add(await ReceiveAsync(document, request, token.AccessToken, trust, cancellationToken).ConfigureAwait(false));
        }
        return outcomes;
    }

    private List<OfferedDocument> Wanted()
    {
        if (acceptance.Copies is < 1 or > OfferAcceptance.MaxCopies)
            throw new ArgumentException($"Between 1 and {OfferAcceptance.MaxCopies} copies can be asked for.", nameof(acceptance));
        if (acceptance.ConfigurationIds is not { } ids) return [.. offer.Documents];
        if (ids.Except(offer.Documents.Select(document => document.ConfigurationId)).Any())
            throw new ArgumentException("A document was chosen that is not offered.", nameof(acceptance));
        return [.. offer.Documents.Where(document => ids.Contains(document.ConfigurationId))];
    }

    private string? TransactionCode()
    {
        // §6.1: sent exactly when the offer asks for one.
        if (offer.TransactionCode is null) return null;
        if (string.IsNullOrEmpty(acceptance.TransactionCode))
            throw new ArgumentException("The offer asks for a transaction code.", nameof(acceptance));
        if (!offer.IsIssuerTrusted && acceptance.ConfirmedRecipient != offer.TokenEndpoint)
            throw new ProtocolException(WalletCodes.RecipientNotConfirmed, OpenId4VciNames.InvalidClient, "The issuer is not trusted with a transaction code.");
        return acceptance.TransactionCode;
    }

    private static IEnumerable<CredentialRequest> Requests(string configurationId, TokenResponse token)
    {
        // §8.2: where the token response gave identifiers, they must be used.
        var identifiers = token.AuthorizationDetails.Where(detail => detail.ConfigurationId == configurationId)
            .SelectMany(detail => detail.Identifiers).Distinct(StringComparer.Ordinal).Take(MaxIdentifiers).ToList();
        return identifiers.Count == 0
            ? [new CredentialRequest { ConfigurationId = configurationId }]
            : identifiers.Select(identifier => new CredentialRequest { CredentialIdentifier = identifier });
    }

    private async Task<IssuanceOutcome> ReceiveAsync(
        OfferedDocument offered, CredentialRequest request, string accessToken, TrustStore trust, CancellationToken cancellationToken)
    {
        var configuration = offer.Metadata.Configurations[offered.ConfigurationId];
        if (Algorithm(configuration) is not { } algorithm) return NotSupported(offered with { Code = WalletCodes.BindingNotSupported });
        var keys = new List<SecureAreaKey>();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            for (var copies = Math.Min(acceptance.Copies, offer.Metadata.BatchSize); copies > 0; copies--)
                keys.Add(await wallet.Area.CreateKeyAsync(algorithm, cancellationToken).ConfigureAwait(false));
            var texts = await RequestAsync(request, accessToken, keys, cancellationToken).ConfigureAwait(false);
            var received = await ReceivedCopies.CheckAsync(texts, configuration, keys, trust, wallet.Identifiers, wallet.Now, cancellationToken).ConfigureAwait(false);
            if (received.Code is not null) return await RefuseAsync(offered, received.Code, received.Reports, cancellationToken).ConfigureAwait(false);
            var document = await StoreAsync(offered, received.Copies, cancellationToken).ConfigureAwait(false);
            kept.UnionWith(document.Credentials.Select(copy => copy.Key.Id));
            return new IssuanceOutcome(offered.ConfigurationId, document, null, received.Reports);
        }
        finally
        {
            // Also when the caller has given up: a key without a credential is of no use to anybody.
            foreach (var key in keys.Where(key => !kept.Contains(key.Id)))
                await wallet.Area.DeleteKeyAsync(key.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<string>> RequestAsync(
        CredentialRequest request, string accessToken, IReadOnlyList<SecureAreaKey> keys, CancellationToken cancellationToken)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var nonce = await _issuer.RequestNonceAsync(cancellationToken).ConfigureAwait(false);
            var proofs = new List<string>();
            foreach (var key in keys)
            {
                proofs.Add(await KeyProof.CreateAsync(
                    new SecureAreaSigningKey(wallet.Area, key), offer.CredentialIssuer, nonce, clientId: null, wallet.Now, ct: cancellationToken).ConfigureAwait(false));
            }
            try
            {
                var response = await _issuer.RequestCredentialAsync(accessToken, request with { JwtProofs = proofs }, cancellationToken).ConfigureAwait(false);
                return response.Credentials;
            }
            // §8.3.1.2: the nonce may have run out between the two requests; a fresh one is worth one more try.
            catch (ProtocolException error) when (error.Error == OpenId4VciNames.InvalidNonce && !isRetry)
            {
            }
        }
    }

    private SignatureAlgorithm? Algorithm(CredentialConfiguration configuration)
    {
        var accepted = configuration.ProofTypes[OpenId4VciNames.JwtProof].Algorithms;
        return wallet.Area.Algorithms.FirstOrDefault(algorithm => accepted.Contains(algorithm.JoseName));
    }

    private async Task<Document> StoreAsync(OfferedDocument offered, IReadOnlyList<ReceivedCopy> copies, CancellationToken cancellationToken)
    {
        var document = NewDocument(offered, copies);
        var picture = await CardPicture.DrawAsync(
            wallet, offer.CredentialIssuer, offer.Metadata.Configurations[offered.ConfigurationId], copies[0].Held, cancellationToken).ConfigureAwait(false);
        var entry = Entry(HistoryKind.Received) with { Claims = [new HistoryClaims(document.Id, document.Type, copies[0].Held.ClaimPaths)] };
        await wallet.Store.WriteAsync(
            transaction =>
            {
                DocumentShelf.Put(transaction, document, picture);
                HistoryEntry.Put(transaction, entry);
            },
            cancellationToken).ConfigureAwait(false);
        return document;
    }

    private Document NewDocument(OfferedDocument offered, IReadOnlyList<ReceivedCopy> copies)
    {
        var id = RecordId.New();
        return new Document
        {
            Id = id,
            Format = offered.Format,
            Type = offered.Type!,
            CredentialIssuer = offer.CredentialIssuer,
            IssuerNames = offer.IssuerNames,
            Names = offered.Names,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(wallet.Now.ToUnixTimeMilliseconds()),
            Labels = offered.Labels,
            Colors = offered.Colors,
            Credentials = [.. copies.Select(copy => new StoredCredential(copy.Text, copy.Key)
            {
                Id = RecordId.New(),
                DocumentId = id,
                ValidFrom = copy.Held.ValidFrom,
                ExpiresAt = copy.Held.ExpiresAt,
                TimesPresented = 0,
            })],
        };
    }

    private async Task<IssuanceOutcome> RefuseAsync(
        OfferedDocument offered, string code, IReadOnlyList<VerificationReport> reports, CancellationToken cancellationToken)
    {
        var entry = Entry(HistoryKind.ReceiptRefused) with { Code = code, Claims = [new HistoryClaims(null, offered.Type, [])] };
        await wallet.Store.WriteAsync(transaction => HistoryEntry.Put(transaction, entry), cancellationToken).ConfigureAwait(false);
        return new IssuanceOutcome(offered.ConfigurationId, null, code, reports);
    }

    private HistoryEntry Entry(HistoryKind kind) => HistoryEntry.New(kind, wallet.Options.Time) with
    {
        Party = offer.CredentialIssuer,
        PartyNames = offer.IssuerNames,
        IsPartyTrusted = offer.IsIssuerTrusted,
    };

    private static IssuanceOutcome NotSupported(OfferedDocument document) => new(document.ConfigurationId, null, document.Code, []);
}
