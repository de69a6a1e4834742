namespace Credentials.Qr;

/// <summary>Error codes of QR codes. Never renamed.</summary>
public static class QrCodes
{
    /// <summary>The text is empty or cannot be written as UTF-8.</summary>
    public const string TextMalformed = "qr.text_malformed";

    /// <summary>The text is longer than a QR code holds.</summary>
    public const string TextTooLong = "qr.text_too_long";
}
