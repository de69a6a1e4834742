using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>Where a credential's status stands: a list, and the credential's place in it.</summary>
/// <param name="Uri">URI of the list, exactly as in the credential.</param>
public abstract record CredentialStatus(string Uri)
{
    private const int MaxUriLength = 2048;

    /// <summary>Reads the <c>Status</c> map of a CBOR credential (Token Status List §6.3), such as <c>status</c> in the MSO of an mdoc.</summary>
    /// <exception cref="MalformedDataException">Not a complete reference (<see cref="StatusListCodes.MalformedReference"/>).</exception>
    /// <exception cref="NotSupportedCredentialException">It names other mechanisms only (<see cref="StatusListCodes.UnsupportedMechanism"/>).</exception>
    public static CredentialStatus FromCbor(CborValue status)
    {
        if (status.Kind != CborKind.Map) throw Malformed("The status is not a map.");
        if (status.Find("status_list"u8) is { } list) return StatusReference.FromStatusListInfo(list);
        // §6.3: a map with at least one mechanism.
        throw status.Count > 0
            ? new NotSupportedCredentialException(StatusListCodes.UnsupportedMechanism, "The status mechanism is not supported.")
            : Malformed("The status names no mechanism.");
    }

    /// <summary>Writes the <c>Status</c> map that <see cref="FromCbor"/> reads.</summary>
    public abstract void WriteTo(CborWriter writer);

    private protected static string CheckUri(string uri) =>
        uri.Length <= MaxUriLength && System.Uri.TryCreate(uri, UriKind.Absolute, out _)
            ? uri
            : throw Malformed("The URI of the status list is not an absolute URI.");

    private protected static string ReadUri(CborValue map) =>
        map.Kind == CborKind.Map && map.Find("uri"u8) is { Kind: CborKind.TextString } uri
            ? CheckUri(uri.GetText())
            : throw Malformed("The status reference has no URI.");

    private protected static MalformedDataException Malformed(string message) => new(StatusListCodes.MalformedReference, message);
}
