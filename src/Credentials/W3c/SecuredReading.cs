namespace Credentials.W3c;

/// <summary>What is being read, and under which limits.</summary>
internal sealed record SecuredReading(bool IsPresentation, bool AcceptV1, int MaxLength)
{
    /// <summary>The <c>typ</c> of a JWT or SD-JWT of data model 2.0, or the subtype of a COSE message.</summary>
    public string TypeOf(string kind) => $"{(IsPresentation ? "vp" : "vc")}+{kind}";

    /// <summary>VC-JOSE-COSE §3: <c>cty</c>, where it stands, says what was signed.</summary>
    public void CheckContentType(string? contentType)
    {
        var expected = IsPresentation ? "vp" : "vc";
        if (contentType is not null && contentType != expected && contentType != $"application/{expected}")
            throw new MalformedDataException(W3cCodes.MediaType, "The content type is not that of a credential or presentation.");
    }

    public MalformedDataException WrongType() =>
        new(W3cCodes.MediaType, $"The type in the header is not that of a secured {(IsPresentation ? "presentation" : "credential")}.");
}
