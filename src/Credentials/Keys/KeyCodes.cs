namespace Credentials.Keys;

/// <summary>Error codes of keys.</summary>
public static class KeyCodes
{
    /// <summary>Not a valid key of its curve: wrong length, off the curve, the point at infinity.</summary>
    public const string Invalid = "key.invalid";

    /// <summary>A key type or curve that this toolkit does not use.</summary>
    public const string NotSupported = "key.not_supported";
}
