namespace Credentials.OpenId4Vp;

/// <summary>How much a wallet asks of a request.</summary>
public enum RequestProfile
{
    /// <summary>OpenID4VP 1.0: unsigned requests and unencrypted answers are legal, and are to be shown as such.</summary>
    OpenId4Vp,

    /// <summary>HAIP 1.0 §5.1: signed with <c>x509_hash</c>, fetched from a <c>request_uri</c>, answered encrypted.</summary>
    Haip,
}
