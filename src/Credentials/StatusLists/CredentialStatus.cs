using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>Where a credential's status stands: a list, and the credential's place in it.</summary>
/// <param name="Uri">URI of the list, exactly as in the credential.</param>
public abstract record CredentialStatus(string Uri)
{
    private const int MaxUriLength = 2048;

    /// <summary>
    /// The certificate in DER that the signer of the list must stand under, if the credential names one (ISO/IEC 18013-5 second edition
    /// §12.3.6.2); null: the authority of the credential itself.
    /// </summary>
    public ReadOnlyMemory<byte>? Certificate { get; init; }

    /// <summary>The mechanism's name in the <c>Status</c> map.</summary>
    protected abstract string Mechanism { get; }

    /// <summary>
    /// Reads the <c>Status</c> map of a CBOR credential (Token Status List §6.3), such as <c>status</c> in the MSO of an mdoc. A status list
    /// and an identifier list may both be there: the credential is valid only where each of them says so. Other mechanisms beside them are
    /// passed over.
    /// </summary>
    /// <exception cref="MalformedDataException">Not a complete reference (<see cref="StatusListCodes.MalformedReference"/>).</exception>
    /// <exception cref="NotSupportedCredentialException">It names other mechanisms only (<see cref="StatusListCodes.UnsupportedMechanism"/>).</exception>
    public static IReadOnlyList<CredentialStatus> FromCbor(CborValue status)
    {
        if (status.Kind != CborKind.Map) throw Malformed("The status is not a map.");
        List<CredentialStatus> references = [];
        if (status.Find("status_list"u8) is { } list) references.Add(StatusReference.FromStatusListInfo(list));
        if (status.Find("identifier_list"u8) is { } identifiers) references.Add(IdentifierReference.FromIdentifierListInfo(identifiers));
        if (references.Count > 0) return references;
        // §6.3: a map with at least one mechanism.
        throw status.Count > 0
            ? new NotSupportedCredentialException(StatusListCodes.UnsupportedMechanism, "The status mechanism is not supported.")
            : Malformed("The status names no mechanism.");
    }

    /// <summary>Writes the <c>Status</c> map that <see cref="FromCbor"/> reads.</summary>
    /// <param name="references">One, or one of each mechanism.</param>
    /// <exception cref="ArgumentException">None, or two of one mechanism.</exception>
    public static void Write(CborWriter writer, params IReadOnlyList<CredentialStatus> references)
    {
        if (references.Count == 0 || references.DistinctBy(reference => reference.Mechanism).Count() != references.Count)
            throw new ArgumentException("A status has at least one reference, and one for each mechanism at most.", nameof(references));
        writer.WriteStartMap(references.Count);
        foreach (var reference in references)
        {
            writer.WriteTextString(reference.Mechanism);
            reference.WriteInfo(writer);
        }

        writer.WriteEndMap();
    }

    /// <inheritdoc/>
    public virtual bool Equals(CredentialStatus? other) =>
        other is not null && EqualityContract == other.EqualityContract && Uri == other.Uri
        && Certificate.HasValue == other.Certificate.HasValue && Certificate.GetValueOrDefault().Span.SequenceEqual(other.Certificate.GetValueOrDefault().Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Uri.GetHashCode(StringComparison.Ordinal);

    /// <summary>Writes the map of the mechanism.</summary>
    protected abstract void WriteInfo(CborWriter writer);

    private protected void WriteUriAndCertificate(CborWriter writer)
    {
        writer.WriteTextString(StatusListNames.Uri);
        writer.WriteTextString(Uri);
        if (Certificate is not { } certificate) return;
        writer.WriteTextString(StatusListNames.Certificate);
        writer.WriteByteString(certificate.Span);
    }

    private protected static string CheckUri(string uri) =>
        uri.Length <= MaxUriLength && System.Uri.TryCreate(uri, UriKind.Absolute, out _)
            ? uri
            : throw Malformed("The URI of the status list is not an absolute URI.");

    private protected static string ReadUri(CborValue map) =>
        map.Kind == CborKind.Map && map.Find("uri"u8) is { Kind: CborKind.TextString } uri
            ? CheckUri(uri.GetText())
            : throw Malformed("The status reference has no URI.");

    private protected static ReadOnlyMemory<byte>? ReadCertificate(CborValue map) => map.Find("certificate"u8) switch
    {
        null => (ReadOnlyMemory<byte>?)null,
        { Kind: CborKind.ByteString } certificate => certificate.GetBytes(),
        _ => throw Malformed("The certificate of the status reference is no byte string."),
    };

    private protected static MalformedDataException Malformed(string message) => new(StatusListCodes.MalformedReference, message);
}
