namespace Credentials.Wallet.Core;

/// <summary>
/// The stable codes of this library, in <see cref="CredentialException.Code"/> and in outcomes. They are never renamed or reused;
/// <c>spec/error-codes.md</c> says what each means.
/// </summary>
public static class WalletCodes
{
    // The wallet file.

    /// <summary>The passphrase or key does not open the wallet file.</summary>
    public const string WrongKey = "wallet.wrong_key";

    /// <summary>The wallet file, or a record of it, is not what this library wrote: damaged, changed, swapped or rolled back.</summary>
    public const string StoreCorrupt = "wallet.corrupt";

    /// <summary>The wallet file was written by a newer version of this library.</summary>
    public const string StoreTooNew = "wallet.too_new";

    /// <summary>Another process, or another instance in this one, has the wallet open.</summary>
    public const string StoreInUse = "wallet.in_use";

    /// <summary>The wallet has as many records or bytes as it may have.</summary>
    public const string StoreFull = "wallet.full";

    /// <summary>The disk refused: full, read-only, or broken. Nothing of the attempted change was kept.</summary>
    public const string StoreUnusable = "wallet.unusable";

    /// <summary>The file is no migration file, or was damaged or changed.</summary>
    public const string MigrationMalformed = "wallet.migration_malformed";

    // Keys.

    /// <summary>The key is not in its secure area.</summary>
    public const string KeyMissing = "wallet.key_missing";

    /// <summary>The key is there and cannot be used now, for example while the device is locked.</summary>
    public const string KeyLocked = "wallet.key_locked";

    /// <summary>The platform has destroyed the key, for example because the device lock was removed.</summary>
    public const string KeyInvalidated = "wallet.key_invalidated";

    // Receiving.

    /// <summary>The offer has no grant that this wallet can use, or the authorization server does not take it.</summary>
    public const string GrantNotSupported = "wallet.grant_not_supported";

    /// <summary>The offer names a credential configuration that the issuer's metadata does not have.</summary>
    public const string OfferUnknownDocument = "wallet.offer_unknown_document";

    /// <summary>The offer names an authorization server that the issuer's metadata does not have.</summary>
    public const string OfferUnknownServer = "wallet.offer_unknown_server";

    /// <summary>The issuer's signed metadata is wrong, out of date, or signed by somebody who is not trusted.</summary>
    public const string SignedMetadataRefused = "wallet.signed_metadata_refused";

    /// <summary>The issuer requires encrypted credential messages of a kind that this wallet does not know.</summary>
    public const string IssuerEncryptionNotSupported = "wallet.issuer_encryption_not_supported";

    /// <summary>The format of the document is not one this wallet can keep.</summary>
    public const string FormatNotSupported = "wallet.format_not_supported";

    /// <summary>The document is not bound to a key in a way that this wallet can prove.</summary>
    public const string BindingNotSupported = "wallet.binding_not_supported";

    /// <summary>The document that was chosen cannot authorize a transaction.</summary>
    public const string TransactionNotSupported = "wallet.transaction_not_supported";

    /// <summary>The issuer is not trusted, and the holder did not confirm where the transaction code would go.</summary>
    public const string RecipientNotConfirmed = "wallet.recipient_not_confirmed";

    /// <summary>The authorization server refused the code or the transaction code.</summary>
    public const string TokenRefused = "wallet.token_refused";

    /// <summary>The access token is of a type this wallet cannot use.</summary>
    public const string TokenTypeNotSupported = "wallet.token_type_not_supported";

    /// <summary>The issuer has a nonce endpoint and gave no nonce.</summary>
    public const string NonceRefused = "wallet.nonce_refused";

    /// <summary>The issuer refused the credential request.</summary>
    public const string CredentialRefused = "wallet.credential_refused";

    /// <summary>The authorization server, or the holder there, did not authorize the issuance.</summary>
    public const string AuthorizationRefused = "wallet.authorization_refused";

    /// <summary>No authorization of this wallet waits for this answer: it was used, is too old, or was never begun here.</summary>
    public const string AuthorizationUnknown = "wallet.authorization_unknown";

    /// <summary>What was to come encrypted came plain, or the other way round.</summary>
    public const string AnswerNotEncrypted = "wallet.answer_not_encrypted";

    /// <summary>The issuer will issue later; the wallet keeps what it needs to fetch it.</summary>
    public const string IssuanceDeferred = "wallet.issuance_deferred";

    /// <summary>The issuer gave nothing that the document could be renewed with.</summary>
    public const string RenewalNotSupported = "wallet.renewal_not_supported";

    /// <summary>The issuer wants to issue later and has no endpoint to ask at.</summary>
    public const string DeferredNotSupported = "wallet.deferred_not_supported";

    /// <summary>A received credential was not accepted: the report says why.</summary>
    public const string CredentialNotAccepted = "wallet.credential_not_accepted";

    /// <summary>A received credential is bound to another key than those of the request, or two of them to one key.</summary>
    public const string CredentialWrongKey = "wallet.credential_wrong_key";

    /// <summary>More credentials came than were asked for.</summary>
    public const string CredentialTooMany = "wallet.credential_too_many";

    /// <summary>A received credential lacks a claim that the issuer says is always there.</summary>
    public const string CredentialClaimMissing = "wallet.credential_claim_missing";

    /// <summary>The received copies of one document do not say the same.</summary>
    public const string CredentialCopiesDiffer = "wallet.credential_copies_differ";

    /// <summary>Two received credentials share one place in a status list, by which they could be linked.</summary>
    public const string CredentialStatusShared = "wallet.credential_status_shared";

    /// <summary>The status reference of a received credential cannot be read.</summary>
    public const string CredentialStatusMalformed = "wallet.credential_status_malformed";

    // Presenting.

    /// <summary>Another request is open: it must be answered or declined first.</summary>
    public const string RequestOpen = "wallet.request_open";

    /// <summary>The verifier's request object or response address is not where this wallet may connect to.</summary>
    public const string RequestAddress = "wallet.request_address";

    /// <summary>The verifier answered with an error. It may have kept what was sent.</summary>
    public const string VerifierRefused = "wallet.verifier_refused";

    // My Data.

    /// <summary>Neither the verifier nor the app said where a deletion request or a report could go.</summary>
    public const string NoContact = "wallet.no_contact";

    /// <summary>The verifier's endpoint did not take the deletion request.</summary>
    public const string DeletionNotTaken = "wallet.deletion_not_taken";
}
