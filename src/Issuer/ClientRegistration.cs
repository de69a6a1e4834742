namespace Credentials.Issuer;

/// <summary>A wallet that may use the authorization code flow.</summary>
public sealed class ClientRegistration
{
    /// <summary>Its <c>client_id</c>.</summary>
    public string Id { get; set; } = "";

    /// <summary>What people see on the consent page; empty: the id.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where answers may go, compared character by character but for the port of <c>http://127.0.0.1</c> (RFC 8252 §7.3). Empty only for wallets that authenticate by attestation: their pushed one counts.</summary>
    public List<string> RedirectUris { get; set; } = [];
}
