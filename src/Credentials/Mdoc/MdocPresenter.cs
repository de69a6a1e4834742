using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.Mdoc;

/// <summary>Makes documents and responses of what a holder shows (ISO/IEC 18013-5 §8.3.2.1.2.2, §9.1.3).</summary>
public static class MdocPresenter
{
    private const long DataNotReturned = 0;

    private static readonly EncodedCbor s_noElements = EncodedCbor.Wrap(new byte[] { 0xa0 });

    /// <summary>A document with the shown data elements, signed by the device key for this session.</summary>
    /// <param name="issuerSigned">The mdoc as held.</param>
    /// <param name="isShown">Which data elements are shown, by namespace and identifier.</param>
    /// <param name="transcript">The session.</param>
    /// <param name="deviceKey">The key that the mdoc names.</param>
    /// <param name="ct">Ends a request to the key early.</param>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<MdocDocument> SignAsync(
        IssuerSigned issuerSigned, Func<string, string, bool> isShown, SessionTranscript transcript, ISigningKey deviceKey, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(issuerSigned);
        var docType = issuerSigned.SecurityObject.DocType;
        var signature = await CoseSign1.SignAsync(
            DeviceAuthentication.Bytes(transcript, docType, s_noElements), deviceKey, isDetached: true, ct: ct).ConfigureAwait(false);
        return Document(issuerSigned.Select(isShown), docType, "deviceSignature", signature);
    }

    /// <summary>A document with the shown data elements, authenticated with a MAC that only this session's reader can check.</summary>
    /// <param name="readerKey">The reader's ephemeral key of the session.</param>
    /// <param name="deviceKey">The key that the mdoc names.</param>
    /// <inheritdoc cref="SignAsync"/>
    public static async ValueTask<MdocDocument> AuthenticateAsync(
        IssuerSigned issuerSigned, Func<string, string, bool> isShown, SessionTranscript transcript, IKeyAgreementKey deviceKey,
        KeyAgreementPublicKey readerKey, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(issuerSigned);
        ArgumentNullException.ThrowIfNull(deviceKey);
        var docType = issuerSigned.SecurityObject.DocType;
        var key = await DeviceAuthentication.MacKeyAsync(deviceKey, readerKey, transcript, ct).ConfigureAwait(false);
        var mac = CoseMac0.Create(DeviceAuthentication.Bytes(transcript, docType, s_noElements).Span, key, isDetached: true);
        return Document(issuerSigned.Select(isShown), docType, "deviceMac", mac);
    }

    /// <summary>
    /// A response with this one document, signed by the device key for this session: base64url, as OpenID4VP carries it
    /// (OpenID4VP 1.0 B.2.5).
    /// </summary>
    /// <param name="issuerSigned">The mdoc as held.</param>
    /// <param name="disclose">The data elements to show, each by namespace and identifier; others stay back.</param>
    /// <param name="transcript">The session.</param>
    /// <param name="deviceKey">The key that the mdoc names.</param>
    /// <param name="ct">Ends a request to the key early.</param>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<string> PresentAsync(
        IssuerSigned issuerSigned, IEnumerable<ClaimPath> disclose, SessionTranscript transcript, ISigningKey deviceKey, CancellationToken ct = default)
    {
        var shown = disclose.ToHashSet();
        var document = await SignAsync(
            issuerSigned, (nameSpace, element) => shown.Contains(ClaimPath.Of(nameSpace, element)), transcript, deviceKey, ct).ConfigureAwait(false);
        return StrictBase64Url.Encode(Respond(document).Encode());
    }

    /// <summary>
    /// The response to a request of a reader. What was asked for and is not shown is said not to be returned (code 0, ISO/IEC
    /// 18013-5 Table 9), which does not tell whether the holder has it.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="documents">What the holder shows, in the order of the request. None: nothing is returned.</param>
    public static DeviceResponse Respond(DeviceRequest request, IReadOnlyList<MdocDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (left, answers, errors) = (documents.ToList(), new List<MdocDocument>(documents.Count), new List<KeyValuePair<string, long>>());
        foreach (var asked in request.DocRequests.Select(one => one.ItemsRequest))
        {
            var index = left.FindIndex(document => document.DocType == asked.DocType);
            if (index < 0)
            {
                errors.Add(new(asked.DocType, DataNotReturned));
                continue;
            }

            answers.Add(left[index] with { Errors = ErrorsOf(asked.FindMissing(left[index].IssuerSigned)) });
            left.RemoveAt(index);
        }

        if (left.Count > 0) throw new ArgumentException("A document was not asked for.", nameof(documents));
        return new DeviceResponse { Documents = answers, DocumentErrors = errors };
    }

    /// <summary>A response with these documents. OpenID4VP has one response for each mdoc; in proximity there may be several.</summary>
    public static DeviceResponse Respond(params IReadOnlyList<MdocDocument> documents) => new() { Documents = documents };

    private static Dictionary<string, IReadOnlyDictionary<string, long>> ErrorsOf(IReadOnlyList<(string NameSpace, string Element)> missing) =>
        missing.GroupBy(one => one.NameSpace, one => one.Element, StringComparer.Ordinal).ToDictionary(
            group => group.Key, IReadOnlyDictionary<string, long> (group) => group.ToDictionary(element => element, _ => DataNotReturned), StringComparer.Ordinal);

    private static MdocDocument Document(IssuerSigned shown, string docType, string how, byte[] auth) =>
        new(docType, shown, DeviceSigned.Create(s_noElements, how, auth));
}
