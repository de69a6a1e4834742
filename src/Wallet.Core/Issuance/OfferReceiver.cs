using Credentials.OpenId4Vci;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>Carries out an accepted offer: by its pre-authorized code, or after the holder was with the authorization server.</summary>
internal sealed class OfferReceiver(WalletContext wallet, ResolvedOffer offer, OfferAcceptance acceptance)
{
    // §6.2: an authorization server may name several data sets for one document; nobody has this many.
    private const int MaxIdentifiers = 10;

    /// <summary>The documents that the holder wants.</summary>
    public IReadOnlyList<OfferedDocument> Wanted { get; } = ChooseFrom(offer, acceptance);

    /// <summary>By the pre-authorized code (§3.5).</summary>
    public async Task<IReadOnlyList<IssuanceOutcome>> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (offer.Grant is not { } grant) throw new InvalidOperationException("The offer needs an authorization: StartAuthorizationAsync.");
        var transactionCode = TransactionCode();
        if (Wanted.All(document => document.Code is not null)) return [.. Wanted.Select(CredentialReceiver.NotSupported)];
        var session = await IssuanceSession.StartAsync(wallet, offer, cancellationToken).ConfigureAwait(false);
        var request = new TokenRequest { PreAuthorizedCode = grant.Code, TxCode = transactionCode };
        // Appendix F.1: who was anonymous to the authorization server is so to the issuer.
        return await ReceiveAsync(session, request, isAnonymous: session.Client.ClientId is null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With whatever the token request has.</summary>
    public async Task<IReadOnlyList<IssuanceOutcome>> ReceiveAsync(
        IssuanceSession session, TokenRequest request, bool isAnonymous, CancellationToken cancellationToken)
    {
        var isKept = false;
        try
        {
            var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
            var (access, token) = await session.RequestTokenAsync(request, isAnonymous, cancellationToken).ConfigureAwait(false);
            var receiver = new CredentialReceiver(wallet, session, access, trust, acceptance.Copies);
            var outcomes = new List<IssuanceOutcome>();
            try
            {
                foreach (var document in Wanted)
                {
                    if (document.Code is not null) outcomes.Add(CredentialReceiver.NotSupported(document));
                    else
                    {
                        foreach (var credential in Requests(document.ConfigurationId, token))
                            outcomes.Add(await receiver.ReceiveAsync(document, credential, replaced: null, cancellationToken).ConfigureAwait(false));
                    }
                }
            }
            finally
            {
                isKept = receiver.IsAccessKept;
            }
            return outcomes;
        }
        finally
        {
            await session.EndAsync(isKept).ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<OfferedDocument> ChooseFrom(ResolvedOffer offer, OfferAcceptance acceptance)
    {
        if (acceptance.Copies is < 1 or > OfferAcceptance.MaxCopies)
            throw new ArgumentException($"Between 1 and {OfferAcceptance.MaxCopies} copies can be asked for.", nameof(acceptance));
        if (acceptance.ConfigurationIds is not { } ids) return offer.Documents;
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

    public static IEnumerable<CredentialRequest> Requests(string configurationId, TokenResponse token)
    {
        // §8.2: where the token response gave identifiers, they must be used.
        var identifiers = token.AuthorizationDetails.Where(detail => detail.ConfigurationId == configurationId)
            .SelectMany(detail => detail.Identifiers).Distinct(StringComparer.Ordinal).Take(MaxIdentifiers).ToList();
        return identifiers.Count == 0
            ? [new CredentialRequest { ConfigurationId = configurationId }]
            : identifiers.Select(identifier => new CredentialRequest { CredentialIdentifier = identifier });
    }
}
