namespace Credentials.Keys.Pkcs11;

/// <summary>The numbers of PKCS #11 v2.40 and 3.0 that are used here, under the names of the standard's header <c>pkcs11t.h</c> without their underscores.</summary>
internal static class CryptokiNumbers
{
    internal const ulong CkrOk = 0;
    internal const ulong CkrHostMemory = 0x02;
    internal const ulong CkrSlotIdInvalid = 0x03;
    internal const ulong CkrGeneralError = 0x05;
    internal const ulong CkrFunctionFailed = 0x06;
    internal const ulong CkrDeviceError = 0x30;
    internal const ulong CkrDeviceMemory = 0x31;
    internal const ulong CkrDeviceRemoved = 0x32;
    internal const ulong CkrKeyHandleInvalid = 0x60;
    internal const ulong CkrObjectHandleInvalid = 0x82;
    internal const ulong CkrOperationActive = 0x90;
    internal const ulong CkrPinIncorrect = 0xA0;
    internal const ulong CkrPinInvalid = 0xA1;
    internal const ulong CkrPinLenRange = 0xA2;
    internal const ulong CkrPinExpired = 0xA3;
    internal const ulong CkrPinLocked = 0xA4;
    internal const ulong CkrSessionClosed = 0xB0;
    internal const ulong CkrSessionCount = 0xB1;
    internal const ulong CkrSessionHandleInvalid = 0xB3;
    internal const ulong CkrTokenNotPresent = 0xE0;
    internal const ulong CkrTokenNotRecognized = 0xE1;
    internal const ulong CkrUserAlreadyLoggedIn = 0x100;
    internal const ulong CkrUserNotLoggedIn = 0x101;
    internal const ulong CkrUserPinNotInitialized = 0x102;
    internal const ulong CkrCryptokiNotInitialized = 0x190;
    internal const ulong CkrCryptokiAlreadyInitialized = 0x191;

    internal const uint CkfOsLockingOk = 0x02;
    internal const uint CkfRwSession = 0x02;
    internal const uint CkfSerialSession = 0x04;
    internal const ulong CkfUserPinFinalTry = 0x20000;
    internal const ulong CkfUserPinLocked = 0x40000;
    internal const uint CkuUser = 1;

    internal const uint CkoPublicKey = 2;
    internal const uint CkoPrivateKey = 3;
    internal const uint CkkEc = 3;

    internal const uint CkaClass = 0x00;
    internal const uint CkaToken = 0x01;
    internal const uint CkaPrivate = 0x02;
    internal const uint CkaLabel = 0x03;
    internal const uint CkaKeyType = 0x100;
    internal const uint CkaId = 0x102;
    internal const uint CkaSensitive = 0x103;
    internal const uint CkaSign = 0x108;
    internal const uint CkaVerify = 0x10A;
    internal const uint CkaExtractable = 0x162;
    internal const uint CkaNeverExtractable = 0x164;
    internal const uint CkaAlwaysSensitive = 0x165;
    internal const uint CkaEcParams = 0x180;
    internal const uint CkaEcPoint = 0x181;

    internal const uint CkmEcKeyPairGen = 0x1040;
    internal const uint CkmEcdsa = 0x1041;
}
