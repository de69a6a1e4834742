using static Credentials.Keys.Pkcs11.CryptokiNumbers;

namespace Credentials.Keys.Pkcs11;

/// <summary>A function of the module answered something other than <c>CKR_OK</c>. It stays inside this folder.</summary>
internal sealed class CryptokiException(string function, ulong result) : Exception($"{function} answered 0x{result:x}.")
{
    internal ulong Result { get; } = result;

    /// <summary>A new session may do it: this one is over, or what it knew of the token is old.</summary>
    internal bool IsSessionOver => IsTokenGone || Result is CkrSessionClosed or CkrSessionHandleInvalid or CkrUserNotLoggedIn
        or CkrOperationActive || IsKeyMissing;

    /// <summary>There is no such object, as far as this session knows.</summary>
    internal bool IsKeyMissing => Result is CkrKeyHandleInvalid or CkrObjectHandleInvalid;

    /// <summary>Module or token must be found anew.</summary>
    internal bool IsTokenGone => Result is CkrTokenNotPresent or CkrTokenNotRecognized or CkrDeviceRemoved or CkrDeviceError or CkrDeviceMemory
        or CkrGeneralError or CkrFunctionFailed or CkrSlotIdInvalid or CkrCryptokiNotInitialized;

    /// <summary>Somebody finalised the library.</summary>
    internal bool IsFinalised => Result == CkrCryptokiNotInitialized;

    /// <summary>It counts as a failed try, or would again.</summary>
    internal bool IsPinRefused => Result is CkrPinIncorrect or CkrPinInvalid or CkrPinLenRange or CkrPinExpired;

    /// <summary>What callers of a key are told. Neither PIN nor key stands in it.</summary>
    internal KeyUnavailableException ToKeyUnavailable() => Result switch
    {
        CkrPinLocked => new(KeyCodes.TokenPinLocked, "The PIN of the token is locked.", this),
        _ when IsPinRefused || Result == CkrUserPinNotInitialized => new(KeyCodes.TokenPin, "The token does not take the PIN.", this),
        _ when IsKeyMissing => new(KeyCodes.TokenKeyMissing, "The key is not in the token.", this),
        CkrSessionCount or CkrHostMemory => new(KeyCodes.TokenUnavailable, "The token gives no further session.", this),
        _ when IsSessionOver => new(KeyCodes.TokenUnavailable, "The token cannot be reached.", this),
        _ => new(KeyCodes.TokenRefused, $"The token refuses: {Message}", this),
    };
}
