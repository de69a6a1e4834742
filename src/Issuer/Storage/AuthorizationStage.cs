namespace Credentials.Issuer.Storage;

/// <summary>How far an authorization code flow has come. Numbers are stored: never change them.</summary>
internal enum AuthorizationStage
{
    /// <summary>The request is pushed; its URI can be opened.</summary>
    Pushed = 0,

    /// <summary>The person agreed; there is a code, and the request URI is used up.</summary>
    Agreed = 1,

    /// <summary>The code was traded for a token.</summary>
    Redeemed = 2,

    /// <summary>The person said no, or nothing could be issued.</summary>
    Refused = 3,
}
