using Credentials.Issuer.Keys;

namespace Credentials.Issuer.Issuance;

/// <summary>The handle of one credential response (OpenID4VCI §8.3): worked out from what was issued, so that nothing need be stored.</summary>
internal static class NotificationIds
{
    internal static string For(IssuerKeys keys, string offerId, string configurationId) =>
        Secrets.Derive(keys.Secret, "notification_id", $"{offerId}\n{configurationId}")[..22]; // 132 bits
}
