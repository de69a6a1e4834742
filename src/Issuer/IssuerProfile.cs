namespace Credentials.Issuer;

/// <summary>The rules that a whole issuer keeps.</summary>
public enum IssuerProfile
{
    /// <summary>OpenID4VCI 1.0 as the other settings say.</summary>
    Standard,

    /// <summary>OpenID4VC High Assurance Interoperability Profile 1.0: a service with a laxer setting does not start.</summary>
    Haip,
}
