namespace Credentials.Cli;

/// <summary>Error codes of the command line's own inputs.</summary>
internal static class CliCodes
{
    /// <summary>The input is not UTF-8 text.</summary>
    internal const string InputNotText = "input.not_text";

    /// <summary>The input has more bytes than any document of its kind may have.</summary>
    internal const string InputTooLarge = "input.too_large";

    /// <summary>The input is empty or none of the things that <c>inspect</c> understands.</summary>
    internal const string InputUnknown = "input.unknown";

    /// <summary>A link has a parameter twice.</summary>
    internal const string LinkMalformed = "link.malformed";

    /// <summary>A compact token has not the parts it must have.</summary>
    internal const string TokenMalformed = "token.malformed";

    /// <summary>The image is damaged.</summary>
    internal const string ImageMalformed = "image.malformed";

    /// <summary>The image has more pixels than are decoded.</summary>
    internal const string ImageTooLarge = "image.too_large";

    /// <summary>The image has a format that is not read.</summary>
    internal const string ImageUnsupported = "image.unsupported";

    /// <summary>The image shows no readable QR code.</summary>
    internal const string QrNotFound = "qr.not_found";

    /// <summary>The QR code holds more than a QR code can.</summary>
    internal const string QrTooLarge = "qr.too_large";

    /// <summary>A file among the test vectors is none, or lacks a member that every scenario has.</summary>
    internal const string VectorMalformed = "vector.malformed";

    /// <summary>The bare COSE message of a test vector is not signed or authenticated by its key. Formats that use COSE have codes of their own.</summary>
    internal const string VectorSignature = "vector.signature";
}
