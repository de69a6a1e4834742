namespace Credentials.Issuer.Catalog;

/// <summary>What a claim of a credential type holds.</summary>
internal enum ClaimKind
{
    /// <summary>Text on one or more lines.</summary>
    Text,

    /// <summary>A day, <c>YYYY-MM-DD</c>.</summary>
    Date,

    /// <summary>A moment, <c>YYYY-MM-DDThh:mm:ssZ</c>.</summary>
    Time,

    /// <summary>ISO 3166-1 alpha-2.</summary>
    Country,

    /// <summary>A JPEG, JPEG 2000 or PNG as <c>data:</c> URI; in an mdoc, its bytes.</summary>
    Image,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>An object with members.</summary>
    Object,

    /// <summary>An array of objects with members.</summary>
    List,

    /// <summary>Worked out at issuance: whether the person is at least so many years old. Never taken from outside.</summary>
    AgeOver,

    /// <summary>The distinguishing sign of a country on vehicles; worked out from a country claim where it is not given.</summary>
    DistinguishingSign,
}
