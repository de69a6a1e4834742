namespace Credentials.Keys;

/// <summary>Error codes of keys.</summary>
public static class KeyCodes
{
    /// <summary>Not a valid key of its curve: wrong length, off the curve, the point at infinity.</summary>
    public const string Invalid = "key.invalid";

    /// <summary>A key type or curve that this toolkit does not use.</summary>
    public const string NotSupported = "key.not_supported";

    // Keys in PKCS #11 tokens.

    /// <summary>The token is not there, cannot be reached, or gives no session; later it may.</summary>
    public const string TokenUnavailable = "key.token_unavailable";

    /// <summary>The token did not answer in time, or all its sessions were busy for as long.</summary>
    public const string TokenTimeout = "key.token_timeout";

    /// <summary>There is no PIN, or the token refuses it. The same one is not tried again.</summary>
    public const string TokenPin = "key.token_pin";

    /// <summary>The PIN of the token is locked, after too many wrong ones.</summary>
    public const string TokenPinLocked = "key.token_pin_locked";

    /// <summary>The token is there, and has no such key.</summary>
    public const string TokenKeyMissing = "key.token_key_missing";

    /// <summary>The token does not do what is asked, or not as safely as asked.</summary>
    public const string TokenRefused = "key.token_refused";
}
