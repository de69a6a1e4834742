namespace Credentials.Wallet.Core.Issuance;

/// <summary>The holder's yes to an offer, with what it needs.</summary>
public sealed record OfferAcceptance
{
    /// <summary>The most copies that are asked for in one request.</summary>
    public const int MaxCopies = 20;

    /// <summary>The transaction code the holder typed; required when the offer asks for one.</summary>
    public string? TransactionCode { get; init; }

    /// <summary>
    /// For an issuer that is not trusted: the <see cref="ResolvedOffer.TokenEndpoint"/> that the holder was shown and agreed to send the
    /// transaction code to. A code meant for another service can so not be drawn out of the holder unseen (OpenID4VCI 1.0 §13.6.2).
    /// </summary>
    public Uri? ConfirmedRecipient { get; init; }

    /// <summary>
    /// Where the browser comes back to after this authorization; null: <see cref="WalletOptions.RedirectUri"/>. For an app that listens on a
    /// port of this machine that it gets to know only when it does (RFC 8252 §7.3).
    /// </summary>
    public Uri? RedirectUri { get; init; }

    /// <summary>
    /// How many copies of each document to ask for, 1 to <see cref="MaxCopies"/>; fewer when the issuer gives fewer. Each copy has a key of
    /// its own, so that each presentation can use a fresh one.
    /// </summary>
    public int Copies { get; init; } = 5;

    /// <summary>Which of the offered documents to receive; null for all of them.</summary>
    public IReadOnlyCollection<string>? ConfigurationIds { get; init; }

    /// <summary>Says nothing about the code.</summary>
    public override string ToString() => nameof(OfferAcceptance);
}
