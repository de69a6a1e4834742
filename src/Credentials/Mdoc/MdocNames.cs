namespace Credentials.Mdoc;

/// <summary>Document types and namespaces (ISO/IEC 18013-5 §7.1, ISO/IEC TS 23220-4).</summary>
public static class MdocNames
{
    /// <summary>Document type of a mobile driving licence.</summary>
    public const string MdlDocType = "org.iso.18013.5.1.mDL";

    /// <summary>Its namespace.</summary>
    public const string MdlNamespace = "org.iso.18013.5.1";

    /// <summary>Version of the structures that we write.</summary>
    public const string Version = "1.0";

    internal static void RequireVersion(Codecs.CborValue map)
    {
        // A reader takes what a later minor version adds, and refuses another major one.
        if (!map.Require("version"u8).GetText().StartsWith("1.", StringComparison.Ordinal))
            throw new MalformedDataException(MdocCodes.Version, "The version is not supported.");
    }
}
