namespace Credentials.Issuer;

/// <summary>The OpenID Connect provider where people sign in.</summary>
public class SignInOptions
{
    /// <summary>The provider's issuer URL; empty: nobody can sign in there. Without one for people, the authorization code flow is not served.</summary>
    public string Authority { get; set; } = "";

    /// <summary>Our client id there.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>Our client secret there.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Scopes asked for.</summary>
    public List<string> Scopes { get; set; } = ["openid"];

    /// <summary>The claim that is the agency's own reference to the person (<c>subject</c> of an offer).</summary>
    public string SubjectClaim { get; set; } = "sub";
}
