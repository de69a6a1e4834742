namespace Credentials.StatusLists;

/// <summary>What may come from the URI of a reference.</summary>
internal enum StatusTokenKind
{
    /// <summary>A status list as a JWT.</summary>
    StatusListJwt,

    /// <summary>A status list as a JWT or a CWT.</summary>
    StatusList,

    /// <summary>An identifier list.</summary>
    IdentifierList,
}
