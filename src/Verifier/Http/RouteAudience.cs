namespace Credentials.Verifier.Http;

/// <summary>Who reads a route's answers, which decides the form of its errors.</summary>
internal enum RouteAudience
{
    /// <summary>Problem details (RFC 9457) with a stable code.</summary>
    RelyingParty,

    /// <summary>An OAuth error and no detail.</summary>
    Wallet,

    /// <summary>A page in the reader's language.</summary>
    Person,
}
