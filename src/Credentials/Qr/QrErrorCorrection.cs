namespace Credentials.Qr;

/// <summary>How much of a QR code may be damaged and still be read.</summary>
public enum QrErrorCorrection
{
    /// <summary>About 7 %.</summary>
    Low,

    /// <summary>About 15 %.</summary>
    Medium,

    /// <summary>About 25 %.</summary>
    Quartile,

    /// <summary>About 30 %.</summary>
    High,
}
