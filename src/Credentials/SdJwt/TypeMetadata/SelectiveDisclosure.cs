namespace Credentials.SdJwt.TypeMetadata;

/// <summary>Whether issuers of a type make a claim selectively disclosable (SD-JWT VC §5.6.4).</summary>
public enum SelectiveDisclosure
{
    /// <summary>They may.</summary>
    Allowed = 0,

    /// <summary>They must.</summary>
    Always,

    /// <summary>They must not.</summary>
    Never,
}
