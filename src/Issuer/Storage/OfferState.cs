namespace Credentials.Issuer.Storage;

/// <summary>The life of an offer. Numbers are stored: never change them.</summary>
internal enum OfferState
{
    /// <summary>Waiting for a wallet.</summary>
    Created = 0,

    /// <summary>A wallet exchanged the code for a token.</summary>
    Redeemed = 1,

    /// <summary>Every offered credential was issued.</summary>
    Issued = 2,

    /// <summary>Withdrawn by the agency, or stopped after too many wrong transaction codes.</summary>
    Cancelled = 3,

    /// <summary>Nobody finished in time.</summary>
    Expired = 4,
}
