namespace Credentials.Issuer.Catalog;

/// <summary>What a claim of a credential type holds.</summary>
internal enum ClaimKind
{
    /// <summary>Text on one or more lines.</summary>
    Text,

    /// <summary>A day, <c>YYYY-MM-DD</c>.</summary>
    Date,

    /// <summary>ISO 3166-1 alpha-2.</summary>
    Country,

    /// <summary>A PNG or JPEG as <c>data:</c> URI.</summary>
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
}
