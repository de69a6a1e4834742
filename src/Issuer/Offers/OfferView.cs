using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Offers;

/// <summary>What can be said about a stored offer.</summary>
internal static class OfferView
{
    internal static string WriteIds(IEnumerable<string> ids) => StrictJson.ToText(new JsonArray([.. ids.Select(id => (JsonNode)JsonValue.Create(id))]));

    internal static IReadOnlyList<string> ReadIds(string json) => [.. StrictJson.Parse(json).EnumerateArray().Select(id => id.GetString()!)];

    /// <summary>The state now: an open offer whose time is over has expired, also before the clean-up marks it.</summary>
    internal static OfferState StateAt(Offer offer, DateTimeOffset now) =>
        offer.State is OfferState.Created or OfferState.Redeemed && offer.ExpiresAt <= now.ToUnixTimeMilliseconds() ? OfferState.Expired : offer.State;

    internal static string Name(OfferState state) => state switch
    {
        OfferState.Created => "created",
        OfferState.Redeemed => "redeemed",
        OfferState.Issued => "issued",
        OfferState.Cancelled => "cancelled",
        OfferState.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>The offer object for the wallet.</summary>
    internal static CredentialOffer ToWallet(Offer offer, IssuerKeys keys, IssuerOptions options) => new()
    {
        CredentialIssuer = options.PublicUrl,
        ConfigurationIds = ReadIds(offer.ConfigurationIds),
        AuthorizationCode = offer.ByAuthorization ? new AuthorizationCodeGrant(OfferSecrets.For(keys, offer.Id).IssuerState) : null,
        PreAuthorized = offer.ByAuthorization ? null : new PreAuthorizedGrant(
            OfferSecrets.For(keys, offer.Id).Code,
            offer.TxCodeHash is null ? null : new TransactionCodeHint(Numeric: true, options.TxCodeLength, Description: null)),
    };

    /// <summary>The link for QR code and button.</summary>
    internal static string Link(Offer offer, IssuerKeys keys, IssuerOptions options) =>
        CredentialOfferLink.ByReference(new Uri($"{options.PublicUrl}/offers/{OfferSecrets.For(keys, offer.Id).Reference}"));

    /// <summary>The page that shows the link to a person, with the secret that opens it.</summary>
    internal static string Page(Offer offer, IssuerKeys keys, IssuerOptions options) => $"{options.PublicUrl}/o/{offer.Id}?s={OfferSecrets.For(keys, offer.Id).Page}";

    internal static JsonElement Claims(Offer offer) => StrictJson.Parse(offer.Claims!);
}
